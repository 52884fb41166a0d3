#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "columns/column.h"
#include "hdf5/file.h"
#include "hdf5/handle.h"
#include "job.h"

namespace spikeport::hdf5 {

/**
 * A chunk of at most `most_bytes` (and at least one element): as much of the last axis as fits, then of the one before
 * it, so that the elements of a chunk lie behind each other in the array.
 */
std::vector<std::uint64_t> chunk_shape(std::span<const std::uint64_t> shape, std::size_t element_size,
                                       std::uint64_t most_bytes);

/** Writes a dataset chunk by chunk through the library's filters. Chunks known to be blank are never allocated. */
class ChunkWriter {
 public:
  /** The dataset holds as many elements of the column as its shape has, from number `first` on. */
  ChunkWriter(Handle dataset, std::shared_ptr<const Column> column, std::uint64_t first,
              std::vector<std::uint64_t> shape, std::vector<std::uint64_t> chunk);

  /** Writes the next chunk that is not blank; returns whether there are more. Called on the HDF5 thread. */
  bool write_one(File& file, Job& job);

 private:
  [[nodiscard]] std::uint64_t element_at(std::span<const std::uint64_t> corner) const;
  /** The box at the corner: a chunk, or what is left of one at the edge. */
  [[nodiscard]] std::vector<std::uint64_t> box_at_corner() const;
  void step();

  Handle dataset_;
  std::shared_ptr<const Column> column_;
  std::uint64_t first_;
  std::vector<std::uint64_t> shape_;
  std::vector<std::uint64_t> chunk_;
  std::vector<std::uint64_t> corner_;
  bool ended_ = false;
  std::vector<std::byte> buffer_;
};

}  // namespace spikeport::hdf5
