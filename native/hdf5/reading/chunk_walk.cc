#include "hdf5/reading/chunk_walk.h"

namespace spikeport::hdf5 {

ChunkWalk::ChunkWalk(std::span<const std::uint64_t> shape, std::span<const std::uint64_t> chunk,
                     std::uint64_t first_row, std::uint64_t end_row, std::size_t axis)
    : first_(shape.size(), 0), end_(shape.begin(), shape.end()), chunk_(chunk.begin(), chunk.end()), is_done_(false) {
  first_[axis] = first_row / chunk[axis] * chunk[axis];
  end_[axis] = end_row;
  corner_ = first_;
}

void ChunkWalk::next() {
  for (std::size_t axis = corner_.size(); axis-- > 0;) {
    corner_[axis] += chunk_[axis];
    if (corner_[axis] < end_[axis]) return;
    corner_[axis] = first_[axis];
  }
  is_done_ = true;
}

}  // namespace spikeport::hdf5
