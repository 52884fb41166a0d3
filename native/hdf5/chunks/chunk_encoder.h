#pragma once

// Fills a chunk of a dataset and applies its filters, on any thread.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hdf5/chunks/stream_buffer.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/plan.h"
#include "sources/source.h"

namespace spikeport::hdf5 {

/**
 * Encodes the chunks of a source: its elements after all filters. One per thread, as it keeps its memory from chunk to
 * chunk.
 */
class ChunkEncoder {
 public:
  /**
   * Appends an encoded chunk of the dataset that begins at element `first` of the source. Appends nothing for a chunk
   * of zeros of a sparse source: such a chunk is not stored.
   */
  void encode(const Source& source, std::uint64_t first, const ChunkGrid& grid, const Chunk& chunk,
              const Chunking& chunking, StreamBuffer& out);

 private:
  void encode_dense(const Source& source, const ChunkGrid& grid, const Chunking& chunking, StreamBuffer& out);
  void encode_sparse(std::size_t element_size, const ChunkGrid& grid, bool shuffle, StreamBuffer& out);
  void fill(const Source& source, const ChunkGrid& grid);

  std::vector<Run> runs_;
  std::vector<SparseElement> sparse_;
  std::vector<std::byte> stream_;
  std::vector<std::byte> elements_;
  std::vector<std::byte> shuffled_;
};

}  // namespace spikeport::hdf5
