#include "bytes/segment_writer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <variant>

#include "errors.h"
#include "sinks/block.h"
#include "storage/file_descriptor.h"

namespace spikeport::bytes {
namespace {

/** What this thread fills at a time, so that its transcoded form fits a block too. */
std::span<std::byte> scratch() { return thread_block().first(block_size / 8); }
static_assert(block_size / 8 * kernels::longest_transcoded <= block_size);

/** What is written from where it is in one go. */
constexpr std::uint64_t most_at_once = 4 * block_size;

}  // namespace

SegmentWriter::SegmentWriter(std::span<const Segment> segments, int fd, const std::string& path)
    : segments_(segments), stream_(fd, path) {
  const std::uint64_t least = byte_count(segments);
  if (least > block_size) preallocate(fd, 0, least, path);
}

bool SegmentWriter::write_some(Job& job) {
  if (segment_ == segments_.size()) {
    stream_.flush();
    return false;
  }
  if (std::visit([&](const auto& segment) { return write(segment, job); }, segments_[segment_])) segment_++;
  return true;
}

bool SegmentWriter::write(const Literal& literal, Job& job) {
  stream_.write(literal.bytes);
  job.advance(literal.bytes.size());
  return true;
}

bool SegmentWriter::write(const ColumnData& data, Job& job) {
  return write_data({*data.column, 0, data.column->size(), data.transcoding}, job);
}

bool SegmentWriter::write(const ColumnLength& length, Job& /*job*/) {
  return write_byte_length({*length.column, 0, length.column->size(), length.transcoding}, length.encoding);
}

bool SegmentWriter::write(const Repeat& repeat, Job& job) {
  const Trains& trains = repeat.column->trains();
  constexpr std::size_t bytes_beside_spikes = 64;
  for (std::size_t bytes = 0; unit_ < trains.unit_count(); unit_++) {
    if (bytes >= block_size) return false;
    const Elements elements{*repeat.column, trains.first_spike(unit_), trains[unit_].size(), repeat.transcoding};
    for (; part_ < repeat.parts.size(); part_++) {
      if (!write_part(repeat.parts[part_], elements, job)) return false;
    }
    part_ = 0;
    bytes += trains[unit_].size_bytes() + bytes_beside_spikes;
  }
  unit_ = 0;
  return true;
}

bool SegmentWriter::write_part(const UnitPart& part, const Elements& elements, Job& job) {
  if (const auto* literal = std::get_if<Literal>(&part)) {
    stream_.write(literal->bytes);
  } else if (const auto* count = std::get_if<UnitSpikeCount>(&part)) {
    write_number(elements.count, count->encoding);
  } else if (const auto* length = std::get_if<UnitByteLength>(&part)) {
    return write_byte_length(elements, length->encoding);
  } else {
    return write_data(elements, job);
  }
  return true;
}

bool SegmentWriter::write_data(const Elements& elements, Job& job) {
  const std::size_t element = size_of(elements.column.type());
  const std::uint64_t rest = (elements.count - element_) * element;
  auto ready = elements.transcoding == Transcoding::none ? elements.column.in_place(elements.first + element_)
                                                         : std::span<const std::byte>();
  if (ready.empty()) {
    write_block(elements, job);
  } else {
    ready = ready.first(static_cast<std::size_t>(std::min<std::uint64_t>({ready.size(), rest, most_at_once})));
    stream_.write(ready);
    job.advance(ready.size());
    element_ += ready.size() / element;
  }
  if (element_ < elements.count) return false;
  element_ = 0;
  return true;
}

void SegmentWriter::write_block(const Elements& elements, Job& job) {
  const auto block = next_block(elements);
  const std::size_t longest = elements.transcoding == Transcoding::none ? 1 : kernels::longest_transcoded;
  const auto room = stream_.room(block.size() * longest);
  stream_.advance(kernels::transcode(block, elements.transcoding, room.data()));
  job.advance(block.size());
}

bool SegmentWriter::write_byte_length(const Elements& elements, LengthEncoding encoding) {
  if (elements.transcoding == Transcoding::none) {
    write_number(elements.count * size_of(elements.column.type()), encoding);
    return true;
  }
  measured_ += kernels::transcoded_size(next_block(elements), elements.transcoding);
  if (element_ < elements.count) return false;
  write_number(measured_, encoding);
  element_ = 0;
  measured_ = 0;
  return true;
}

std::span<const std::byte> SegmentWriter::next_block(const Elements& elements) {
  const std::size_t element = size_of(elements.column.type());
  const std::uint64_t count = std::min<std::uint64_t>(elements.count - element_, scratch().size() / element);
  const auto block = scratch().first(static_cast<std::size_t>(count) * element);
  elements.column.fill(elements.first + element_, block);
  element_ += count;
  return block;
}

void SegmentWriter::write_number(std::uint64_t number, LengthEncoding encoding) {
  static_assert(std::endian::native == std::endian::little);
  const auto bytes = std::as_bytes(std::span(&number, 1));
  switch (encoding) {
    case LengthEncoding::u32:
      if (number > std::numeric_limits<std::uint32_t>::max()) {
        throw ValueError("Expected lengths of at most 4294967295 for this format but received " +
                         std::to_string(number) + ".");
      }
      stream_.write(bytes.first(sizeof(std::uint32_t)));
      return;
    case LengthEncoding::u64:
      stream_.write(bytes);
      return;
    case LengthEncoding::decimal:
      const std::string digits = std::to_string(number);
      stream_.write(std::as_bytes(std::span(digits)));
      return;
  }
}

std::uint64_t byte_count(std::span<const Segment> segments) {
  std::uint64_t bytes = 0;
  for (const Segment& segment : segments) {
    if (const auto* literal = std::get_if<Literal>(&segment)) bytes += literal->bytes.size();
    if (const auto* data = std::get_if<ColumnData>(&segment)) bytes += data->column->byte_size();
    if (const auto* repeat = std::get_if<Repeat>(&segment)) bytes += repeat->column->byte_size();
  }
  return bytes;
}

}  // namespace spikeport::bytes
