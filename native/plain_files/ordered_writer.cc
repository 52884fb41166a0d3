#include "plain_files/ordered_writer.h"

#include <cstddef>
#include <span>
#include <utility>

#include "engine/block.h"
#include "platform/file_descriptor.h"

namespace spikeport::plain_files {

OrderedWriter::OrderedWriter(const OrderedSpikes& spikes, unsigned participants)
    : spike_count_(spikes.trains->spike_count()), order_(spikes.trains, spikes.fs_hz), memories_(participants) {}

void OrderedWriter::add_file(OrderedPart part, std::uint64_t offset, int fd, std::string path) {
  const std::uint64_t size = spike_count_ * size_of(type_of(part));
  if (size > block_size) preallocate(fd, offset, size, path);
  files_.push_back({.part = part, .offset = offset, .fd = fd, .path = std::move(path)});
}

bool OrderedWriter::write_some(Job& job, unsigned participant) {
  const TimeOrder::Block block = order_.next_block(memories_[participant]);
  if (block.samples.empty()) return false;
  std::uint64_t written = 0;
  for (const File& file : files_) {
    const auto bytes = file.part == OrderedPart::samples ? std::as_bytes(block.samples) : std::as_bytes(block.units);
    write_all_at(file.fd, bytes, file.offset + block.first * size_of(type_of(file.part)), file.path);
    written += bytes.size();
  }
  job.advance(written);
  return true;
}

}  // namespace spikeport::plain_files
