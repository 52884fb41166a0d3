#pragma once

// Writes the byte segments of one plain file.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/job.h"
#include "plain_files/piece.h"
#include "plain_files/plan.h"
#include "platform/file.h"

namespace spikeport::plain_files {

/**
 * Writes the segments of a file in pieces, from several threads at once. Pieces are composed one after the other, under
 * a lock, and filled and written outside of it.
 */
class SegmentWriter {
 public:
  SegmentWriter(std::span<const Segment> segments, const platform::File& file);

  /** Writes a piece; returns whether there was one. */
  bool write_some(Job& job);

  /** Writes the lengths that became known only after their piece was written. Called once, after all pieces. */
  void finish();

 private:
  /** All elements of a source, or those of one unit. */
  struct Elements {
    const Source& source;
    std::uint64_t first;
    std::uint64_t count;
    std::optional<Transcoding> transcoding;
  };
  /** The length of text that is being added, and where it is written. */
  struct TextLength {
    std::uint64_t offset;
    NumberEncoding encoding;
    /** Its place in the current piece; empty when that is in an earlier one. */
    std::span<std::byte> space;
    std::uint64_t value = 0;
  };

  Piece next_piece();
  // Each adds some bytes and returns whether that was the end of the segment; if not, the next call continues.
  bool add(const Bytes& segment, Piece& piece);
  bool add(const SourceData& data, Piece& piece);
  bool add(const SourceByteLength& length, Piece& piece);
  bool add(const Repeat& repeat, Piece& piece);
  bool add(const UnitPart& part, const Elements& elements, Piece& piece);
  bool add(const Elements& elements, Piece& piece);
  void add_byte_length(const Elements& elements, NumberEncoding encoding, Piece& piece);
  static void add_number(std::uint64_t number, std::optional<NumberEncoding> encoding, Piece& piece);
  void put_text_length();
  /** Whether all `count` bytes or elements are added; if so, resets `done_` for the next part. */
  bool is_done(std::uint64_t count);

  std::span<const Segment> segments_;
  const platform::File* file_;
  std::mutex mutex_;
  std::uint64_t offset_ = 0;
  /** The bytes added so far, of those that `byte_count` counts. */
  std::uint64_t counted_ = 0;
  std::size_t segment_ = 0;
  // The position in a repeat: the unit and the part.
  std::size_t unit_ = 0;
  std::size_t part_ = 0;
  /** How many bytes or elements of the current segment are added. */
  std::uint64_t done_ = 0;
  std::optional<TextLength> text_length_;
  /** Lengths whose piece was written before they were known. */
  std::vector<TextLength> late_;
};

/** The bytes of the segments before transcoding, without the numbers in them. */
std::uint64_t byte_count(std::span<const Segment> segments);

/** The bytes among them that are not written in place. */
std::uint64_t made_byte_count(std::span<const Segment> segments);

}  // namespace spikeport::plain_files
