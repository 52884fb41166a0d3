// Walks through the chunks of a dataset, and through the runs of elements that a chunk shares with an array.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace spikeport::hdf5 {

/** The chunks that hold some rows of a dataset, in order. */
class ChunkWalk {
 public:
  ChunkWalk() = default;
  /**
   * @param first_row, end_row the rows, at least one; no axis of the shape is 0
   * @param axis the one that rows follow each other on
   */
  ChunkWalk(std::span<const std::uint64_t> shape, std::span<const std::uint64_t> chunk, std::uint64_t first_row,
            std::uint64_t end_row, std::size_t axis = 0);

  [[nodiscard]] bool is_done() const { return is_done_; }
  /** The first element of the current chunk, by its place on each axis. */
  [[nodiscard]] const std::vector<std::uint64_t>& corner() const { return corner_; }
  void next();

 private:
  std::vector<std::uint64_t> first_;
  std::vector<std::uint64_t> end_;
  std::vector<std::uint64_t> chunk_;
  std::vector<std::uint64_t> corner_;
  bool is_done_ = true;
};

/** A box of elements, and the rows of a dataset that an array holds. */
struct Overlap {
  /** The box. */
  std::vector<std::uint64_t> corner;
  std::vector<std::uint64_t> box;
  /** The dataset. */
  std::vector<std::uint64_t> shape;
  std::uint64_t first_row;
  std::uint64_t end_row;
};

/** Calls `visit(from, to, count)` for each run of elements that lie together both in a box, from number `from` on, and
 * in the array, from number `to` on. */
template <typename Visit>
void visit_runs(Overlap overlap, Visit visit) {
  std::vector<std::uint64_t>& corner = overlap.corner;
  std::vector<std::uint64_t>& box = overlap.box;
  std::vector<std::uint64_t>& shape = overlap.shape;
  std::uint64_t& first_row = overlap.first_row;
  std::uint64_t& end_row = overlap.end_row;
  // An axis that the box spans is part of the one before it.
  while (box.size() > 1 && box.back() == shape.back()) {
    const std::uint64_t length = box.back();
    for (auto* sizes : {&corner, &box, &shape}) {
      sizes->pop_back();
    }
    corner.back() *= length;
    box.back() *= length;
    shape.back() *= length;
    if (box.size() == 1) {
      first_row *= length;
      end_row *= length;
    }
  }
  const std::size_t rank = box.size();
  std::vector<std::uint64_t> begin(rank);
  std::vector<std::uint64_t> end(rank);
  for (std::size_t axis = 0; axis < rank; axis++) {
    begin[axis] = axis == 0 ? std::max(corner[0], first_row) : corner[axis];
    end[axis] = std::min(corner[axis] + box[axis], axis == 0 ? end_row : shape[axis]);
    if (begin[axis] >= end[axis]) return;
  }
  std::vector<std::uint64_t> at = begin;
  while (true) {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    for (std::size_t axis = 0; axis < rank; axis++) {
      from = from * box[axis] + at[axis] - corner[axis];
      to = to * shape[axis] + at[axis] - (axis == 0 ? first_row : 0);
    }
    visit(from, to, end[rank - 1] - begin[rank - 1]);
    std::size_t axis = rank - 1;
    do {
      if (axis == 0) return;
      axis--;
      at[axis]++;
      if (at[axis] < end[axis]) break;
      at[axis] = begin[axis];
    } while (true);
  }
}

}  // namespace spikeport::hdf5
