#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "engine/job.h"
#include "platform/file.h"
#include "sources/source.h"

namespace spikeport {

/** Elements of a source, and the byte of a file where they begin. */
struct Extent {
  const Source* source;
  std::uint64_t first;
  std::uint64_t count;
  std::uint64_t offset;
};

/** Fills extents of a file, a block at a time, by as many threads as like to take part. */
class ExtentWriter {
 public:
  ExtentWriter(const platform::File& file, std::vector<Extent> extents);

  /** Writes one block's worth; returns whether there is more. */
  bool write_some(Job& job);

 private:
  /** The next elements that nobody has taken: all within one block, often of one extent, of several when they are
   * short. */
  std::vector<Extent> take();

  const platform::File* file_;
  std::vector<Extent> extents_;
  std::mutex mutex_;
  std::size_t next_ = 0;
};

}  // namespace spikeport
