#pragma once

// Sources of spikes: times, index and units, all in unit order.

#include <memory>
#include <optional>
#include <span>

#include "sources/source.h"
#include "spikes/spike_trains.h"
#include "spikes/time_conversion.h"

namespace spikeport {

/** The times of all spikes in unit order. */
class SpikeTimes : public Source {
 public:
  SpikeTimes(std::shared_ptr<const SpikeTrains> trains, TimeConversion conversion);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;
  [[nodiscard]] std::span<const std::byte> in_place(std::uint64_t first) const override;

  [[nodiscard]] const SpikeTrains& trains() const { return *trains_; }

 private:
  /** Fills a block with spikes of one unit, numbered within it. */
  void fill(std::size_t unit, std::uint64_t offset, std::span<std::byte> block) const;

  std::shared_ptr<const SpikeTrains> trains_;
  TimeConversion conversion_;
};

/** Cumulative end counts, one per unit: int64, uint64 or uint32. */
class SpikeTimesIndex : public Source {
 public:
  SpikeTimesIndex(std::shared_ptr<const SpikeTrains> trains, ElementType type);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::shared_ptr<const SpikeTrains> trains_;
};

/** The unit of every spike, in the order of SpikeTimes: the unit's number, or its id if ids are given. */
class SpikeUnits : public Source {
 public:
  SpikeUnits(std::shared_ptr<const SpikeTrains> trains, std::optional<std::span<const std::int64_t>> ids);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::shared_ptr<const SpikeTrains> trains_;
  std::optional<std::span<const std::int64_t>> ids_;
};

}  // namespace spikeport
