#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "columns/column.h"
#include "hdf5/chunk_grid.h"
#include "hdf5/plan.h"
#include "hdf5/stream_buffer.h"

namespace spikeport::hdf5 {

/**
 * Makes what stands in the file for the chunks of a column: its elements behind the filters. One for each thread, as it
 * keeps its memory from chunk to chunk.
 */
class ChunkEncoder {
 public:
  /**
   * Appends a chunk to `out`, whose elements count from the column's number `first` on. Appends nothing when none of
   * them but zeros is in it and the column is sparse: such a chunk is not stored.
   */
  void encode(const Column& column, std::uint64_t first, const ChunkGrid& grid, const Chunk& chunk,
              const Chunking& chunking, StreamBuffer& out);

 private:
  void encode_dense(const Column& column, const ChunkGrid& grid, const Chunking& chunking, StreamBuffer& out);
  void encode_sparse(std::size_t element_size, const ChunkGrid& grid, bool shuffle, StreamBuffer& out);
  void fill(const Column& column, const ChunkGrid& grid);

  std::vector<Run> runs_;
  std::vector<SparseElement> sparse_;
  std::vector<std::byte> stream_;
  std::vector<std::byte> elements_;
  std::vector<std::byte> shuffled_;
};

}  // namespace spikeport::hdf5
