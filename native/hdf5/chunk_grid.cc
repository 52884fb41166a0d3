#include "hdf5/chunk_grid.h"

#include <algorithm>
#include <utility>

#include "columns/column.h"

namespace spikeport::hdf5 {

std::vector<std::uint64_t> chunk_shape(std::span<const std::uint64_t> shape, std::size_t element_size,
                                       std::uint64_t most_bytes) {
  std::vector<std::uint64_t> chunk(shape.size(), 1);
  std::uint64_t room = std::max<std::uint64_t>(1, most_bytes / element_size);
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    chunk[axis] = std::min(room, shape[axis]);
    room /= chunk[axis];
    if (chunk[axis] < shape[axis]) break;
  }
  return chunk;
}

ChunkGrid::ChunkGrid(std::vector<std::uint64_t> shape, std::vector<std::uint64_t> chunk)
    : shape_(std::move(shape)), chunk_(std::move(chunk)) {
  for (std::size_t axis = 0; axis < shape_.size(); axis++) size_ *= chunks_along(axis);
}

std::uint64_t ChunkGrid::chunk_elements() const { return element_count(chunk_); }

Chunk ChunkGrid::operator[](std::uint64_t index) const {
  Chunk result{shape_, shape_, 0, 1};
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    result.corner[axis] = index % chunks_along(axis) * chunk_[axis];
    result.box[axis] = std::min(chunk_[axis], shape_[axis] - result.corner[axis]);
    index /= chunks_along(axis);
  }
  for (std::size_t axis = 0; axis < shape_.size(); axis++) {
    result.first = result.first * shape_[axis] + result.corner[axis];
    result.count *= result.box[axis];
  }
  return result;
}

}  // namespace spikeport::hdf5
