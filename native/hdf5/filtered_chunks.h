#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "columns/column.h"
#include "hdf5/chunk_grid.h"
#include "hdf5/file.h"
#include "hdf5/handle.h"
#include "job.h"

namespace spikeport::hdf5 {

/** Writes a dataset chunk by chunk through the library and its filters. A sparse column's chunks of zeros are never
 * allocated. */
class FilteredChunks {
 public:
  /** The dataset holds as many elements of the column as the grid has, from number `first` on. */
  FilteredChunks(Handle dataset, std::shared_ptr<const Column> column, std::uint64_t first, ChunkGrid grid);

  /** Writes the next chunk that is not blank; returns whether there are more. Called on the HDF5 thread. */
  bool write_one(File& file, Job& job);

 private:
  [[nodiscard]] bool is_blank(const Chunk& chunk) const;

  Handle dataset_;
  std::shared_ptr<const Column> column_;
  std::uint64_t first_;
  ChunkGrid grid_;
  std::uint64_t next_ = 0;
  /** The column, when it is sparse. */
  const SparseColumn* sparse_;
  std::vector<std::byte> buffer_;
};

}  // namespace spikeport::hdf5
