#include "plain_files/ordered_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

#include "engine/block.h"

namespace spikeport::plain_files {

OrderedWriter::OrderedWriter(const OrderedSpikes& spikes, unsigned participants)
    : spike_count_(spikes.trains->spike_count()),
      order_(spikes.trains, spikes.fs_hz, spikes.start_ms),
      memories_(participants) {}

void OrderedWriter::add_file(OrderedPart part, std::uint64_t offset, const platform::File& file) {
  const std::uint64_t size = spike_count_ * size_of(type_of(part));
  if (size > block_size) file.reserve(offset, size);
  parts_.push_back({.part = part, .offset = offset, .file = &file});
}

void OrderedWriter::add_file(const OrderedValues& values, std::uint64_t offset, const platform::File& file) {
  const std::uint64_t size = spike_count_ * values.byte_width();
  if (size > block_size) file.reserve(offset, size);
  values_.push_back({.values = &values, .offset = offset, .file = &file});
  order_.number_spikes();
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
  for (const Values& values : values_) written += write(values, block);
  job.advance(written);
  return true;
}

std::uint64_t OrderedWriter::write(const Values& values, const TimeOrder::Block& block) {
  const std::size_t width = values.values->byte_width();
  const std::size_t spikes = block.units.size();
  const ArrayList& arrays = *values.values->arrays;
  const auto values_of = [&](std::size_t i) {
    const auto array = arrays[static_cast<std::size_t>(block.units[i])];
    return array.subspan(array.size() == width ? 0 : static_cast<std::size_t>(block.numbers[i]) * width);
  };
  std::uint64_t offset = values.offset + block.first * width;
  if (width > block_size) {
    for (std::size_t i = 0; i < spikes; i++, offset += width) values.file->write(values_of(i).first(width), offset);
    return spikes * width;
  }
  // With values of no bytes, all spikes are done at once.
  const std::size_t at_a_time = width == 0 ? spikes : block_size / width;
  for (std::size_t from = 0; from < spikes; from += at_a_time) {
    const std::size_t count = std::min(at_a_time, spikes - from);
    const auto bytes = thread_block().first(count * width);
    for (std::size_t i = 0; i < count; i++) std::memcpy(&bytes[i * width], values_of(from + i).data(), width);
    values.file->write(bytes, offset);
    offset += bytes.size();
  }
  return spikes * width;
}

}  // namespace spikeport::plain_files
