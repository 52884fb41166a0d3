#include "plain_files/ordered_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

#include "engine/block.h"
#include "kernels/decode.h"
#include "kernels/records.h"

namespace spikeport::plain_files {

OrderedWriter::OrderedWriter(const OrderedSpikes& spikes, unsigned participants)
    : trains_(spikes.trains),
      spike_count_(spikes.trains->spike_count()),
      order_(spikes.trains, spikes.fs_hz, spikes.start_ms),
      memories_(participants),
      column_memories_(participants) {}

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

void OrderedWriter::add_file(const OrderedColumn& column, std::uint64_t offset, const platform::File& file) {
  const std::uint64_t size = spike_count_ * size_of(column.type);
  if (size > block_size) file.reserve(offset, size);
  columns_.push_back({.column = column, .offset = offset, .file = &file});
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
  for (const Column& column : columns_) written += write(column, block, column_memories_[participant]);
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

void OrderedWriter::gather(std::size_t column, const TimeOrder::Block& block, ColumnMemory& memory) const {
  const std::size_t units = trains_->unit_count();
  const std::size_t size = size_of(trains_->value_types()[column]);
  memory.begins.assign(units + 1, 0);
  memory.firsts.resize(units);
  for (std::size_t i = 0; i < block.units.size(); i++) {
    const auto unit = static_cast<std::size_t>(block.units[i]);
    if (memory.begins[unit + 1]++ == 0) memory.firsts[unit] = block.numbers[i];
  }
  for (std::size_t unit = 0; unit < units; unit++) memory.begins[unit + 1] += memory.begins[unit];
  memory.stored.resize(std::max(memory.stored.size(), block.units.size() * size));
  // Units whose values lie together are read at once.
  std::uint64_t first = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  const auto read = [&] {
    if (end == begin) return;
    trains_->read_values(column, first, std::span(memory.stored).subspan(begin * size, (end - begin) * size));
  };
  for (std::size_t unit = 0; unit < units; unit++) {
    if (memory.begins[unit + 1] == memory.begins[unit]) continue;
    const std::uint64_t next = trains_->first_spike(unit) + memory.firsts[unit];
    if (next != first + (end - begin)) {
      read();
      first = next;
      begin = end;
    }
    end = memory.begins[unit + 1];
  }
  read();
}

std::uint64_t OrderedWriter::write(const Column& column, const TimeOrder::Block& block, ColumnMemory& memory) const {
  const auto& [part, offset, file] = column;
  gather(part.column, block, memory);
  const std::size_t spikes = block.units.size();
  const std::size_t width = size_of(part.type);
  const kernels::StoredElements stored{.type = trains_->value_types()[part.column]};
  kernels::Records by_unit{.bytes = std::span(memory.stored).first(spikes * size_of(stored)), .size = width};
  if (stored.type != part.type) {
    memory.converted.resize(std::max(memory.converted.size(), spikes * width));
    // Any number becomes a float64.
    static_cast<void>(kernels::decode(by_unit.bytes, stored, {}, part.type, memory.converted.data()));
    by_unit.bytes = std::span(memory.converted).first(spikes * width);
  }
  memory.ordered.resize(std::max(memory.ordered.size(), spikes * width));
  const kernels::Records ordered{.bytes = std::span(memory.ordered).first(spikes * width), .size = width};
  kernels::with_record_copy(by_unit, ordered, [&](auto copy) {
    for (std::size_t i = 0; i < spikes; i++) {
      const auto unit = static_cast<std::size_t>(block.units[i]);
      copy(memory.begins[unit] + static_cast<std::size_t>(block.numbers[i] - memory.firsts[unit]), i);
    }
  });
  file->write(ordered.bytes, offset + block.first * width);
  return ordered.bytes.size();
}

}  // namespace spikeport::plain_files
