#pragma once

// The one interface through which sources and writers read spikes, wherever these are stored.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/element_type.h"

namespace spikeport {

/**
 * The spike trains of a recording: for each unit the times of its spikes in ms, ascending, counted from 0.
 *
 * How many spikes each unit has is in memory and never changes. The times may be in memory or in a file, and may be
 * large: readers take them in blocks. All functions may be called from several threads at once.
 */
class SpikeTrains {
 public:
  SpikeTrains() = default;
  SpikeTrains(const SpikeTrains&) = delete;
  SpikeTrains& operator=(const SpikeTrains&) = delete;
  virtual ~SpikeTrains() = default;

  [[nodiscard]] std::size_t unit_count() const { return ends_.size() + empty_units_; }
  [[nodiscard]] std::uint64_t spike_count() const { return ends_.empty() ? 0 : ends_.back(); }
  [[nodiscard]] std::uint64_t spike_count(std::size_t unit) const { return first_spike(unit + 1) - first_spike(unit); }
  /** The number of spikes of all units before this one; for the unit after the last, the number of all spikes. */
  [[nodiscard]] std::uint64_t first_spike(std::size_t unit) const {
    const std::size_t before = std::min(unit, ends_.size());
    return before == 0 ? 0 : ends_[before - 1];
  }
  /** The number of units without those that were added as empty, which take no memory. */
  [[nodiscard]] std::size_t added_unit_count() const { return ends_.size(); }
  /** The unit of a spike, which is numbered through all units in order. */
  [[nodiscard]] std::size_t unit_of(std::uint64_t spike) const;

  /**
   * Fills `block` with the times of a unit's spikes from number `offset` on, all of which exist. Throws SystemError
   * when they cannot be read.
   */
  virtual void read(std::size_t unit, std::uint64_t offset, std::span<double> block) const = 0;

  /**
   * The same for spikes of several units: `first` and those after it are numbered through all units in order.
   */
  virtual void read_spikes(std::uint64_t first, std::span<double> block) const;

  /**
   * The times of a unit's spikes from number `offset` on where they are in memory: those that are contiguous. Empty
   * when they have to be read, and at the end of the unit.
   *
   * The memory can be the caller's and change at any moment: do not read a time twice and rely on its being the same.
   */
  [[nodiscard]] virtual std::span<const double> in_place(std::size_t /*unit*/, std::uint64_t /*offset*/) const {
    return {};
  }

  /**
   * Up to `count` times of a unit's spikes from number `offset` on, at least one when `count` is not 0: in place, or
   * else read into a buffer of this thread, where they stay until its next call.
   */
  [[nodiscard]] std::span<const double> times(std::size_t unit, std::uint64_t offset, std::uint64_t count) const;

  /**
   * Up to `count` times of spikes from number `first` on, numbered through all units, at least one when `count` is not
   * 0: read into the same buffer.
   */
  [[nodiscard]] std::span<const double> read_some(std::uint64_t first, std::uint64_t count) const;

  /** The types of the values that each spike has besides its time. Those in memory have none: they are the caller's. */
  [[nodiscard]] virtual std::span<const ElementType> value_types() const { return {}; }

  /**
   * Fills `block`, which is aligned for them, with the values in column `column` of `value_types` that spikes from
   * number `first` on have, numbered through all units in order. Throws as `read` does.
   */
  virtual void read_values(std::size_t /*column*/, std::uint64_t /*first*/, std::span<std::byte> /*block*/) const {}

  /**
   * Calls `visit(unit, offset, count)` for the spikes that each unit has in spikes `first` to `first + count - 1`,
   * which are numbered through all units in order.
   */
  template <typename Visit>
  void for_each_unit(std::uint64_t first, std::uint64_t count, Visit visit) const;

 protected:
  // For the construction by derived classes, before others read.

  void reserve_units(std::size_t units) { ends_.reserve(units); }
  /** Adds a unit with this many spikes. Not after `add_empty_units`. */
  void add_unit(std::uint64_t spikes) { ends_.push_back(spike_count() + spikes); }
  /** Adds units without spikes after all others. They take no memory. */
  void add_empty_units(std::size_t units) { empty_units_ += units; }

 private:
  /** The cumulative number of spikes at the end of each added unit. */
  std::vector<std::uint64_t> ends_;
  std::size_t empty_units_ = 0;
};

template <typename Visit>
void SpikeTrains::for_each_unit(std::uint64_t first, std::uint64_t count, Visit visit) const {
  for (std::size_t unit = unit_of(first); count > 0; unit++) {
    const std::uint64_t part = std::min(count, first_spike(unit + 1) - first);
    if (part == 0) continue;
    visit(unit, first - first_spike(unit), part);
    first += part;
    count -= part;
  }
}

}  // namespace spikeport
