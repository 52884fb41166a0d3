#include "plain_files/ordered_writer.h"

#include <cstddef>
#include <span>

#include "engine/block.h"

namespace spikeport::plain_files {

OrderedWriter::OrderedWriter(const OrderedSpikes& spikes, unsigned participants)
    : spike_count_(spikes.trains->spike_count()), order_(spikes.trains, spikes.fs_hz), memories_(participants) {}

void OrderedWriter::add_file(OrderedPart part, std::uint64_t offset, const platform::File& file) {
  const std::uint64_t size = spike_count_ * size_of(type_of(part));
  if (size > block_size) file.reserve(offset, size);
  parts_.push_back({.part = part, .offset = offset, .file = &file});
}

bool OrderedWriter::write_some(Job& job, unsigned participant) {
  const TimeOrder::Block block = order_.next_block(memories_[participant]);
  if (block.samples.empty()) return false;
  std::uint64_t written = 0;
  for (const auto& [part, offset, file] : parts_) {
    const auto bytes = part == OrderedPart::samples ? std::as_bytes(block.samples) : std::as_bytes(block.units);
    file->write(bytes, offset + block.first * size_of(type_of(part)));
    written += bytes.size();
  }
  job.advance(written);
  return true;
}

}  // namespace spikeport::plain_files
