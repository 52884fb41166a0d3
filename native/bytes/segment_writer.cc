#include "bytes/segment_writer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <variant>

#include "errors.h"
#include "sinks/block.h"

namespace spikeport::bytes {
namespace {

/** What this thread fills at a time, so that its transcoded form fits a block too. */
std::span<std::byte> scratch() { return thread_block().first(block_size / 8); }
static_assert(block_size / 8 * kernels::longest_transcoded <= block_size);

}  // namespace

SegmentWriter::SegmentWriter(std::span<const Segment> segments, int fd, const std::string& path)
    : segments_(segments), stream_(fd, path) {}

bool SegmentWriter::write_some(Job& job) {
  if (segment_ == segments_.size()) {
    stream_.flush();
    return false;
  }
  const bool ended = std::visit([&](const auto& segment) { return write(segment, job); }, segments_[segment_]);
  if (ended) {
    segment_++;
    position_ = 0;
  }
  return true;
}

bool SegmentWriter::write(const Literal& literal, Job& job) {
  stream_.write(literal.bytes);
  job.advance(literal.bytes.size());
  return true;
}

bool SegmentWriter::write(const ColumnData& data, Job& job) {
  const std::uint64_t size = data.column->size();
  position_ += write_block({*data.column, position_, size - position_, data.transcoding}, job);
  return position_ == size;
}

bool SegmentWriter::write(const ColumnLength& length, Job& job) {
  write_number(byte_length({*length.column, 0, length.column->size(), length.transcoding}, job), length.encoding);
  return true;
}

bool SegmentWriter::write(const Repeat& repeat, Job& job) {
  const Trains& trains = repeat.column->trains();
  for (std::uint64_t bytes = 0; position_ < trains.unit_count() && bytes < block_size; position_++) {
    const auto unit = static_cast<std::size_t>(position_);
    write_unit(repeat, unit, job);
    // A unit without spikes has its opcodes.
    bytes += trains[unit].size_bytes() + 64;
  }
  return position_ == trains.unit_count();
}

void SegmentWriter::write_unit(const Repeat& repeat, std::size_t unit, Job& job) {
  const Trains& trains = repeat.column->trains();
  const Elements elements{*repeat.column, trains.first_spike(unit), trains[unit].size(), repeat.transcoding};
  for (const UnitPart& part : repeat.parts) {
    if (const auto* literal = std::get_if<Literal>(&part)) {
      stream_.write(literal->bytes);
    } else if (const auto* count = std::get_if<UnitSpikeCount>(&part)) {
      write_number(elements.count, count->encoding);
    } else if (const auto* length = std::get_if<UnitByteLength>(&part)) {
      write_number(byte_length(elements, job), length->encoding);
    } else {
      for (Elements rest = elements; rest.count > 0;) {
        job.throw_if_cancelled();
        const std::uint64_t written = write_block(rest, job);
        rest.first += written;
        rest.count -= written;
      }
    }
  }
}

std::uint64_t SegmentWriter::write_block(const Elements& elements, Job& job) {
  const std::size_t element = size_of(elements.column.type());
  const std::uint64_t count = std::min<std::uint64_t>(elements.count, scratch().size() / element);
  const auto block = scratch().first(static_cast<std::size_t>(count) * element);
  elements.column.fill(elements.first, block);
  const auto room =
      stream_.room(block.size() * (elements.transcoding == Transcoding::none ? 1 : kernels::longest_transcoded));
  stream_.advance(kernels::transcode(block, elements.transcoding, room.data()));
  job.advance(block.size());
  return count;
}

void SegmentWriter::write_number(std::uint64_t number, LengthEncoding encoding) {
  static_assert(std::endian::native == std::endian::little);
  const auto bytes = std::as_bytes(std::span(&number, 1));
  switch (encoding) {
    case LengthEncoding::u32:
      if (number > std::numeric_limits<std::uint32_t>::max()) {
        throw ValueError("Expected arrays of at most 4 GiB for this format but received one of " +
                         std::to_string(number) + " bytes.");
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

std::uint64_t SegmentWriter::byte_length(const Elements& elements, const Job& job) {
  const std::size_t element = size_of(elements.column.type());
  if (elements.transcoding == Transcoding::none) return elements.count * element;
  std::uint64_t length = 0;
  for (std::uint64_t done = 0; done < elements.count;) {
    job.throw_if_cancelled();
    const std::uint64_t count = std::min<std::uint64_t>(elements.count - done, scratch().size() / element);
    const auto block = scratch().first(static_cast<std::size_t>(count) * element);
    elements.column.fill(elements.first + done, block);
    length += kernels::transcoded_size(block, elements.transcoding);
    done += count;
  }
  return length;
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
