#pragma once

// Finds the units with values that are NaN or infinite.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <vector>

#include "kernels/element_type.h"
#include "spikes/spike_trains.h"

namespace spikeport {

/** Goes through a column of values once, by any number of threads: call `look_at_some` until it returns false. */
class NotFiniteSearch {
 public:
  NotFiniteSearch(std::shared_ptr<const SpikeTrains> trains, std::size_t column);

  /** Looks at the next block; returns whether there are more. */
  bool look_at_some();
  /** In the end: the units that have such values, ascending. */
  [[nodiscard]] std::vector<std::size_t> units() const { return {units_.begin(), units_.end()}; }
  /** How much is read: nothing of whole numbers. */
  [[nodiscard]] std::uint64_t byte_size() const { return spikes_ * size_of(type_); }

 private:
  template <typename Number>
  void look(std::uint64_t first, std::span<const Number> values);

  std::shared_ptr<const SpikeTrains> trains_;
  std::size_t column_;
  ElementType type_;
  std::uint64_t spikes_;
  std::atomic<std::uint64_t> next_ = 0;
  std::mutex mutex_;
  std::set<std::size_t> units_;
};

}  // namespace spikeport
