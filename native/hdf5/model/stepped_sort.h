// Sorts long lists in steps, between which other work can be done.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace spikeport::hdf5 {

/** Merges runs that are in order into longer ones. Equal items stay in their order. */
template <typename T, typename Before>
class SteppedSort {
 public:
  SteppedSort(std::vector<T> items, Before before) : items_(std::move(items)), before_(std::move(before)) {
    merged_.reserve(items_.size());
  }

  /** Sorts on by about `count` moves of items; returns whether there is more to do. */
  bool sort_some(std::size_t count) {
    const std::size_t size = items_.size();
    std::size_t left = count;
    for (; next_ < size && left >= first_run; left -= first_run) {
      const std::size_t end = std::min(next_ + first_run, size);
      std::stable_sort(at(next_), at(end), before_);
      next_ = end;
    }
    while (next_ == size && run_ < size && left > 0) left -= merge_some(left);
    return next_ < size || run_ < size;
  }

  /** The items, once they are sorted. */
  [[nodiscard]] std::vector<T> take() { return std::move(items_); }

 private:
  static constexpr std::size_t first_run = 256;

  [[nodiscard]] auto at(std::size_t i) { return items_.begin() + static_cast<std::ptrdiff_t>(i); }

  /** Merges two neighbouring runs; returns how many items were moved. */
  std::size_t merge_some(std::size_t count) {
    const std::size_t size = items_.size();
    const std::size_t middle = std::min(pair_ + run_, size);
    const std::size_t end = std::min(middle + run_, size);
    const std::size_t before = merged_.size();
    for (; merged_.size() < end && merged_.size() - before < count;) {
      const std::size_t first = pair_ + taken_first_;
      const std::size_t second = middle + taken_second_;
      const bool is_first = first < middle && (second >= end || !before_(items_[second], items_[first]));
      merged_.push_back(std::move(items_[is_first ? first : second]));
      (is_first ? taken_first_ : taken_second_)++;
    }
    const std::size_t moved = merged_.size() - before;
    if (merged_.size() < end) return moved;
    pair_ = end;
    taken_first_ = taken_second_ = 0;
    if (end < size) return moved;
    items_.swap(merged_);
    merged_.clear();
    pair_ = 0;
    run_ *= 2;
    return moved;
  }

  std::vector<T> items_;
  Before before_;
  /** The first item that is in no run yet. */
  std::size_t next_ = 0;
  /** The items of a run. */
  std::size_t run_ = first_run;
  /** The runs that are merged now: where the first begins, and what has been taken of both. */
  std::size_t pair_ = 0;
  std::size_t taken_first_ = 0;
  std::size_t taken_second_ = 0;
  std::vector<T> merged_;
};

}  // namespace spikeport::hdf5
