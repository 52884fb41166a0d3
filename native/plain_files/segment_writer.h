#pragma once

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
 * Writes the segments of a file in pieces, by as many threads as like to take part. Pieces are put together one behind
 * the other, under a lock, and made and written outside of it.
 */
class SegmentWriter {
 public:
  SegmentWriter(std::span<const Segment> segments, const platform::File& file);

  /** Writes a piece; returns whether there was one. */
  bool write_some(Job& job);

  /** Writes what was known only when its place had been written. Called once, when nobody writes pieces any more. */
  void finish();

 private:
  /** A source, or the part of it that is one unit's. */
  struct Elements {
    const Source& source;
    std::uint64_t first;
    std::uint64_t count;
    std::optional<Transcoding> transcoding;
  };
  /** The length of text that is not yet known, and where it goes. */
  struct TextLength {
    std::uint64_t offset;
    NumberWidth width;
    /** Where it goes in the piece that is being put together; empty when it went into an earlier one. */
    std::span<std::byte> space;
    std::uint64_t value = 0;
  };

  Piece next_piece();
  // Each adds some of its bytes and returns whether it is at its end; the next call goes on from there.
  bool add(const Literal& literal, Piece& piece);
  bool add(const SourceData& data, Piece& piece);
  bool add(const SourceLength& length, Piece& piece);
  bool add(const Repeat& repeat, Piece& piece);
  bool add(const UnitPart& part, const Elements& elements, Piece& piece);
  bool add(const Elements& elements, Piece& piece);
  void add_byte_length(const Elements& elements, NumberWidth width, Piece& piece);
  static void add_number(std::uint64_t number, std::optional<NumberWidth> width, Piece& piece);
  void put_text_length();
  /** Whether all of a part is added; if so, the next one begins. */
  bool is_done(std::uint64_t count);

  std::span<const Segment> segments_;
  const platform::File* file_;
  std::mutex mutex_;
  std::uint64_t offset_ = 0;
  /** What has been added of what `byte_count` counts. */
  std::uint64_t counted_ = 0;
  std::size_t segment_ = 0;
  // In a repeat: the unit and its part.
  std::size_t unit_ = 0;
  std::size_t part_ = 0;
  /** How many bytes of a literal or elements of a source are added. */
  std::uint64_t done_ = 0;
  std::optional<TextLength> text_length_;
  /** Those that came too late for their piece. */
  std::vector<TextLength> late_;
};

/** All bytes the segments hold, before transcoding, as far as they are known beforehand. */
std::uint64_t byte_count(std::span<const Segment> segments);

/** Those of them that are not written from where they are. */
std::uint64_t made_byte_count(std::span<const Segment> segments);

}  // namespace spikeport::plain_files
