// Writes the contiguous elements of an HDF5 file in parallel.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "engine/job.h"
#include "hdf5/model/file_writer.h"
#include "platform/file.h"

namespace spikeport::hdf5 {

/** Fills extents of a file, a block at a time, on any number of threads. */
class ExtentWriter {
 public:
  /** The file must outlive the writer. */
  ExtentWriter(const platform::File& file, std::vector<Extent> extents);

  /** Writes one block's worth; returns whether there is more. */
  bool write_some(Job& job);

 private:
  /** The next elements that no thread has taken, at most a block: of one extent, or of several short ones. */
  std::vector<Extent> take();

  const platform::File* file_;
  std::vector<Extent> extents_;
  std::mutex mutex_;
  std::size_t next_ = 0;
};

}  // namespace spikeport::hdf5
