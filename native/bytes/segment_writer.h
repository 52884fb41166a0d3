#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "bytes/plan.h"
#include "job.h"
#include "sinks/byte_stream.h"

namespace spikeport::bytes {

/** Writes the segments of a file one behind the other, a little at a time. */
class SegmentWriter {
 public:
  SegmentWriter(std::span<const Segment> segments, int fd, const std::string& path);

  /** Writes about a block; returns whether there is more. */
  bool write_some(Job& job);

 private:
  /** Part of a column: a whole one, or one unit's. */
  struct Elements {
    const Column& column;
    std::uint64_t first;
    std::uint64_t count;
    Transcoding transcoding;
  };

  // Each does some of its work and returns whether it is at its end; the next call goes on from there.
  bool write(const Literal& literal, Job& job);
  bool write(const ColumnData& data, Job& job);
  bool write(const ColumnLength& length, Job& job);
  bool write(const Repeat& repeat, Job& job);
  bool write_part(const UnitPart& part, const Elements& elements, Job& job);
  bool write_data(const Elements& elements, Job& job);
  void write_block(const Elements& elements, Job& job);
  bool write_byte_length(const Elements& elements, LengthEncoding encoding);

  void write_number(std::uint64_t number, LengthEncoding encoding);
  /** The next elements, at most a scratch block of them, filled. None when all have been. */
  std::span<const std::byte> next_block(const Elements& elements);

  std::span<const Segment> segments_;
  ByteStream stream_;
  std::size_t segment_ = 0;
  // In a repeat: the unit and its part.
  std::size_t unit_ = 0;
  std::size_t part_ = 0;
  // In a column: how many elements are done, and what they are long when transcoded.
  std::uint64_t element_ = 0;
  std::uint64_t measured_ = 0;
};

/** All bytes the segments hold, before transcoding, as far as they are known beforehand. */
std::uint64_t byte_count(std::span<const Segment> segments);

}  // namespace spikeport::bytes
