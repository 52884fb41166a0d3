#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "kernels/spike_keys.h"
#include "spikes/trains.h"

namespace spikeport {

/**
 * The spikes of all units in the order of time: by sample, and those of one sample in unit order, as a stable sort of
 * all samples in unit order leaves them.
 *
 * A block takes from every unit what lies in its stretch of time, and sorts that. Blocks are cut out one behind the
 * other, under a lock, and sorted outside of it, by as many threads as like to take part.
 */
class TimeOrder {
 public:
  /** A stretch of all spikes: the number of its first one, and for each its sample and its unit. */
  struct Block {
    std::uint64_t first;
    std::span<const std::int64_t> samples;
    std::span<const std::int32_t> units;
  };

  /** Throws ValueError for a sample below 0. */
  TimeOrder(std::shared_ptr<const Trains> trains, double fs_hz);

  /** Where a thread makes its blocks, one after the other. Takes room only once it is used. */
  class Memory {
    friend TimeOrder;
    void reserve(std::size_t spikes);

    std::vector<kernels::SpikeKey> keys;
    std::vector<kernels::SpikeKey> scratch;
    std::vector<std::int64_t> samples;
    std::vector<std::int32_t> units;
  };

  /** Makes the next block. Without spikes there are no more. */
  Block next_block(Memory& memory);

 private:
  using SpikeKey = kernels::SpikeKey;

  /** A block that is not yet sorted. */
  struct Cut {
    std::uint64_t first;
    std::int64_t first_sample;
    std::uint32_t width;
    std::size_t count;
  };

  /** The next spike of a unit that has no more. */
  static constexpr std::int64_t no_sample = std::numeric_limits<std::int64_t>::max();

  Cut cut(std::span<SpikeKey> keys);
  /** Takes the unit's spikes before `end`, as long as there is room, and returns how many there are now. */
  std::size_t take(std::size_t unit, const Cut& cut, std::int64_t end, std::span<SpikeKey> keys);
  /** Leaves the spikes behind the cut's width to later blocks, and returns how many stay. */
  std::size_t give_back(const Cut& cut, std::span<SpikeKey> keys);
  [[nodiscard]] std::int64_t sample(std::size_t unit, std::size_t spike) const;

  std::shared_ptr<const Trains> trains_;
  double fs_hz_;
  double per_ms_;
  /** The most spikes of a block. */
  std::size_t capacity_;
  std::mutex mutex_;
  std::uint64_t first_ = 0;
  /** How many samples the next block spans, as far as it has room for their spikes. */
  std::uint32_t width_;
  /** How many spikes of each unit are taken, and the sample of the one that follows. */
  std::vector<std::size_t> taken_;
  std::vector<std::int64_t> next_;
};

}  // namespace spikeport
