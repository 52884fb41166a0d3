#pragma once

// The shape of chunks, and how chunks cover an array.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** How many chunks of a length cover a longer one. */
constexpr std::uint64_t quotient_up(std::uint64_t dividend, std::uint64_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

/**
 * A chunk of at most `most_bytes` (and at least one element): as much of the last axis as fits, then of the one before
 * it, so that the elements of a chunk are contiguous in the array.
 */
std::vector<std::uint64_t> chunk_shape(std::span<const std::uint64_t> shape, std::size_t element_size,
                                       std::uint64_t most_bytes);

/** The shape of the chunks of a dataset that `has_chunks`. */
std::vector<std::uint64_t> chunk_shape(const Chunking& chunking, std::span<const std::uint64_t> shape,
                                       std::size_t element_size);

/** Whether each chunk has whole rows, so that all of them in a row are the array in C order. */
bool has_whole_rows(std::span<const std::uint64_t> chunk, std::span<const std::uint64_t> shape);

/** One chunk: its corner, and what of it lies in the array. */
struct Chunk {
  std::vector<std::uint64_t> corner;
  std::vector<std::uint64_t> box;
};

/** Elements that are contiguous in an array and in a chunk of it: where they begin in each, and their count. */
struct Run {
  std::uint64_t in_array;
  std::uint64_t in_chunk;
  std::uint64_t count;
};

/** The chunks that cover an array, in C order. */
class ChunkGrid {
 public:
  ChunkGrid(std::vector<std::uint64_t> shape, std::vector<std::uint64_t> chunk);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::span<const std::uint64_t> shape() const { return shape_; }
  /** The shape of a whole chunk, and its elements: also of those that reach over the edge. */
  [[nodiscard]] std::span<const std::uint64_t> chunk() const { return chunk_; }
  [[nodiscard]] std::uint64_t chunk_elements() const;
  [[nodiscard]] Chunk operator[](std::uint64_t index) const;

  /** What lies in the array of a chunk, in C order: as few runs as there can be. */
  [[nodiscard]] std::vector<Run> runs_of(const Chunk& chunk) const;

 private:
  [[nodiscard]] std::uint64_t chunks_along(std::size_t axis) const {
    return (shape_[axis] + chunk_[axis] - 1) / chunk_[axis];
  }

  std::vector<std::uint64_t> shape_;
  std::vector<std::uint64_t> chunk_;
  std::uint64_t size_ = 1;
};

}  // namespace spikeport::hdf5
