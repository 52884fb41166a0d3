#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

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

  // Each writes some of a segment and returns whether it is at its end.
  bool write(const Literal& literal, Job& job);
  bool write(const ColumnData& data, Job& job);
  bool write(const ColumnLength& length, Job& job);
  bool write(const Repeat& repeat, Job& job);

  void write_unit(const Repeat& repeat, std::size_t unit, Job& job);
  /** Writes up to a block of the elements and returns how many that were. */
  std::uint64_t write_block(const Elements& elements, Job& job);
  void write_number(std::uint64_t number, LengthEncoding encoding);
  std::uint64_t byte_length(const Elements& elements, const Job& job);

  std::span<const Segment> segments_;
  ByteStream stream_;
  std::size_t segment_ = 0;
  /** How far the segment at hand is: elements of a column, or units of a repeat. */
  std::uint64_t position_ = 0;
};

/** All bytes the segments hold, before transcoding, as far as they are known beforehand. */
std::uint64_t byte_count(std::span<const Segment> segments);

}  // namespace spikeport::bytes
