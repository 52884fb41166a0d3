#pragma once

// The spikes of all units in order of time, as Phy wants them.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "kernels/spike_keys.h"
#include "spikes/spike_trains.h"

namespace spikeport {

/**
 * The spikes of all units in order of time: by sample, and spikes of the same sample in unit order. This is the order
 * of a stable sort by sample of the spikes in unit order.
 *
 * A block takes from every unit the spikes of an interval of samples, and sorts them. Blocks are cut one after the
 * other, under a lock, and sorted outside of it, by any number of threads at once.
 */
class TimeOrder {
 public:
  /** Consecutive spikes: the number of the first one, and the sample and the unit of each. */
  struct Block {
    std::uint64_t first;
    std::span<const std::int64_t> samples;
    std::span<const std::int32_t> units;
    /** The number of each spike within its unit; empty unless asked for. */
    std::span<const std::uint64_t> numbers;
  };

  /**
   * Throws ValueError for a sample below 0.
   * @param start_ms the time of sample 0
   */
  TimeOrder(std::shared_ptr<const SpikeTrains> trains, double fs_hz, double start_ms);

  /** Has all blocks number the spikes within their units. Before the first block. */
  void number_spikes() { is_numbering_ = true; }

  /** The memory of one thread's blocks. Allocated on first use. */
  class Memory {
    friend TimeOrder;
    void reserve(std::size_t spikes);

    std::vector<kernels::SpikeKey> keys;
    std::vector<kernels::SpikeKey> scratch;
    std::vector<std::int64_t> samples;
    std::vector<std::int32_t> units;
    /** Per unit, the number of its next spike. */
    std::vector<std::uint64_t> next;
    std::vector<std::uint64_t> numbers;
  };

  /** Makes the next block, which stays in `memory` until the next call with it. Empty after the last block. */
  Block next_block(Memory& memory);

 private:
  using SpikeKey = kernels::SpikeKey;

  /** A block that is not yet sorted: `count` spikes within `width` samples. */
  struct Cut {
    std::uint64_t first;
    std::int64_t first_sample;
    std::uint32_t width;
    std::size_t count;
  };

  /** The next sample of a unit without further spikes. */
  static constexpr std::int64_t no_sample = std::numeric_limits<std::int64_t>::max();

  /** Takes the next spikes of all units. Called under the lock. */
  Cut cut(std::span<SpikeKey> keys);
  /** Adds the unit's spikes before sample `end`, as far as there is room; returns how many spikes the cut has now. */
  std::size_t take(std::size_t unit, const Cut& cut, std::int64_t end, std::span<SpikeKey> keys);
  /** Leaves the spikes past the cut's width to later blocks; returns how many remain. */
  std::size_t give_back(const Cut& cut, std::span<SpikeKey> keys);
  /** The times of a unit's spikes from number `spike` on: some, or none at the end. */
  [[nodiscard]] std::span<const double> times_from(std::size_t unit, std::uint64_t spike) const;
  [[nodiscard]] std::int64_t sample_at(double time) const;

  std::shared_ptr<const SpikeTrains> trains_;
  double fs_hz_;
  double per_ms_;
  double start_ms_;
  bool is_numbering_ = false;
  /** The most spikes of a block. */
  std::size_t capacity_;
  std::mutex mutex_;
  std::uint64_t first_ = 0;
  /** The number of samples the next block spans, if there is room for their spikes. */
  std::uint32_t width_;
  /** The number of spikes taken from each unit, and the sample of the next one. */
  std::vector<std::uint64_t> taken_;
  std::vector<std::int64_t> next_;
};

}  // namespace spikeport
