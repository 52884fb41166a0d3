#include "plain_files/segment_writer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <variant>

#include "engine/block.h"
#include "engine/errors.h"

namespace spikeport::plain_files {
namespace {

/** Small enough for text and the elements it is made of to stay in the processor's cache. */
constexpr std::size_t piece_memory = block_size / 2;

/** The bytes of a number, in place. */
std::span<const std::byte> bytes_of(const std::uint64_t& number, NumberEncoding encoding) {
  static_assert(std::endian::native == std::endian::little);
  if (encoding == NumberEncoding::u32 && number > std::numeric_limits<std::uint32_t>::max()) {
    throw ValueError("Expected lengths of at most 4294967295 for this format but received " + std::to_string(number) +
                     ".");
  }
  return std::as_bytes(std::span(&number, 1)).first(static_cast<std::size_t>(encoding));
}

/** The size of all sources for which `wanted` returns true, before transcoding. */
template <typename Wanted>
std::uint64_t source_bytes(std::span<const Segment> segments, Wanted wanted) {
  std::uint64_t bytes = 0;
  const auto add = [&](const auto& part) {
    if (wanted(*part.source, part.transcoding)) bytes += part.source->byte_size();
  };
  for (const Segment& segment : segments) {
    if (const auto* data = std::get_if<SourceData>(&segment)) add(*data);
    if (const auto* repeat = std::get_if<Repeat>(&segment)) add(*repeat);
  }
  return bytes;
}

}  // namespace

SegmentWriter::SegmentWriter(std::span<const Segment> segments, const platform::File& file)
    : segments_(segments), file_(&file) {
  const std::uint64_t least = byte_count(segments);
  if (least > block_size) file_->reserve(0, least);
}

bool SegmentWriter::write_some(Job& job) {
  std::unique_lock lock(mutex_);
  const std::uint64_t counted = counted_;
  Piece piece = next_piece();
  const std::uint64_t advance = counted_ - counted;
  lock.unlock();
  if (piece.size() == 0) return false;
  piece.write(*file_);
  job.advance(advance);
  return true;
}

void SegmentWriter::finish() {
  for (const TextLength& length : late_) file_->write(bytes_of(length.value, length.encoding), length.offset);
}

Piece SegmentWriter::next_piece() {
  Piece piece(offset_, thread_block().first(piece_memory));
  while (segment_ < segments_.size() && piece.has_room()) {
    if (std::visit([&](const auto& segment) { return add(segment, piece); }, segments_[segment_])) segment_++;
  }
  offset_ = piece.end();
  if (text_length_) text_length_->space = {};
  return piece;
}

bool SegmentWriter::add(const Bytes& segment, Piece& piece) {
  const std::size_t added = piece.add(segment.bytes.subspan(static_cast<std::size_t>(done_)));
  done_ += added;
  counted_ += added;
  return is_done(segment.bytes.size());
}

bool SegmentWriter::add(const SourceData& data, Piece& piece) {
  return add({*data.source, 0, data.source->size(), data.transcoding}, piece);
}

bool SegmentWriter::add(const SourceByteLength& length, Piece& piece) {
  add_byte_length({*length.source, 0, length.source->size(), length.transcoding}, length.encoding, piece);
  return true;
}

bool SegmentWriter::add(const Repeat& repeat, Piece& piece) {
  const SpikeTrains& trains = repeat.source->trains();
  for (; unit_ < trains.unit_count(); unit_++) {
    const Elements elements{*repeat.source, trains.first_spike(unit_), trains.spike_count(unit_), repeat.transcoding};
    for (; part_ < repeat.parts.size(); part_++) {
      if (!piece.has_room() || !add(repeat.parts[part_], elements, piece)) return false;
    }
    part_ = 0;
  }
  unit_ = 0;
  return true;
}

bool SegmentWriter::add(const UnitPart& part, const Elements& elements, Piece& piece) {
  if (const auto* bytes = std::get_if<Bytes>(&part)) return add(*bytes, piece);
  if (const auto* count = std::get_if<UnitSpikeCount>(&part)) {
    add_number(elements.count, count->encoding, piece);
  } else if (const auto* length = std::get_if<UnitByteLength>(&part)) {
    add_byte_length(elements, length->encoding, piece);
  } else {
    return add(elements, piece);
  }
  return true;
}

bool SegmentWriter::add(const Elements& elements, Piece& piece) {
  const std::uint64_t first = elements.first + done_;
  const std::uint64_t rest = elements.count - done_;
  const std::uint64_t size = piece.size();
  const std::uint64_t added = elements.transcoding ? piece.add_text(elements.source, first, rest, *elements.transcoding)
                                                   : piece.add_elements(elements.source, first, rest);
  done_ += added;
  counted_ += added * size_of(elements.source.type());
  if (text_length_) text_length_->value += piece.size() - size;
  if (!is_done(elements.count)) return false;
  if (text_length_) put_text_length();
  return true;
}

bool SegmentWriter::is_done(std::uint64_t count) {
  if (done_ < count) return false;
  done_ = 0;
  return true;
}

void SegmentWriter::add_byte_length(const Elements& elements, NumberEncoding encoding, Piece& piece) {
  if (!elements.transcoding) {
    add_number(elements.count * size_of(elements.source.type()), encoding, piece);
    return;
  }
  const std::uint64_t offset = piece.end();
  const auto space = piece.add_space(static_cast<std::size_t>(encoding));
  // Until the text is known; without any, the length is 0.
  std::ranges::fill(space, std::byte{0});
  text_length_ = {.offset = offset, .encoding = encoding, .space = space};
}

void SegmentWriter::put_text_length() {
  const auto bytes = bytes_of(text_length_->value, text_length_->encoding);
  if (text_length_->space.empty()) {
    late_.push_back(*text_length_);
  } else {
    std::ranges::copy(bytes, text_length_->space.begin());
  }
  text_length_.reset();
}

void SegmentWriter::add_number(std::uint64_t number, std::optional<NumberEncoding> encoding, Piece& piece) {
  if (encoding) {
    piece.add(bytes_of(number, *encoding));
  } else {
    const std::string digits = std::to_string(number);
    piece.add(std::as_bytes(std::span(digits)));
  }
}

std::uint64_t byte_count(std::span<const Segment> segments) {
  std::uint64_t count = source_bytes(segments, [](const Source&, const auto&) { return true; });
  for (const Segment& segment : segments) {
    if (const auto* bytes = std::get_if<Bytes>(&segment)) count += bytes->bytes.size();
    const auto* repeat = std::get_if<Repeat>(&segment);
    if (repeat == nullptr) continue;
    for (const UnitPart& part : repeat->parts) {
      const auto* bytes = std::get_if<Bytes>(&part);
      if (bytes != nullptr) count += repeat->source->trains().unit_count() * bytes->bytes.size();
    }
  }
  return count;
}

std::uint64_t made_byte_count(std::span<const Segment> segments) {
  return source_bytes(segments, [](const Source& source, const std::optional<Transcoding>& transcoding) {
    return transcoding || source.in_place(0).empty();
  });
}

}  // namespace spikeport::plain_files
