#pragma once

// Passes encoded chunks to the HDF5 library.

#include <memory>

#include "hdf5/chunks/chunk_batches.h"
#include "hdf5/library/file.h"
#include "hdf5/library/handle.h"

namespace spikeport::hdf5 {

/**
 * Writes all chunked datasets of a file from batches in the order of the plan. A dataset is open from its first chunk
 * to the first of the next one. Used on the HDF5 thread.
 */
class ChunkWriter {
 public:
  /** The file must outlive the writer. */
  explicit ChunkWriter(File& file) : file_(&file) {}

  void write(const ChunkBatch& batch);

 private:
  File* file_;
  std::shared_ptr<const ChunkedDataset> open_;
  Handle handle_;
};

}  // namespace spikeport::hdf5
