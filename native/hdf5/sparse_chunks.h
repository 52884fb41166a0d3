#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "columns/column.h"
#include "hdf5/chunk_grid.h"
#include "hdf5/file.h"
#include "hdf5/handle.h"
#include "job.h"
#include "kernels/deflate_sparse.h"

namespace spikeport::hdf5 {

/**
 * Writes a compressed dataset of a sparse column: the deflate stream of each chunk is made from the elements that are
 * not zero, by several threads, and handed to the library as it is. A chunk of zeros is never allocated.
 */
class SparseChunks {
 public:
  SparseChunks(Handle dataset, std::shared_ptr<const SparseColumn> column, ChunkGrid grid, bool shuffle);

  /** Before the first `encode`: how many threads take part. */
  void set_participants(unsigned count) { encoded_.resize(count); }

  /** Makes the next few chunks; returns whether there were any. Called on any thread, once at a time a participant. */
  bool encode(Job& job, unsigned participant);

  /** Writes what the participant has made. Called on the HDF5 thread. */
  void write(File& file, unsigned participant);

 private:
  struct EncodedChunk {
    std::vector<std::uint64_t> corner;
    std::vector<std::byte> stream;
  };

  [[nodiscard]] std::vector<std::byte> stream_of(const std::vector<SparseElement>& elements) const;

  Handle dataset_;
  std::shared_ptr<const SparseColumn> column_;
  ChunkGrid grid_;
  bool shuffle_;
  std::atomic<std::uint64_t> next_ = 0;
  std::vector<std::vector<EncodedChunk>> encoded_;
};

}  // namespace spikeport::hdf5
