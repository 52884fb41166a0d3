#pragma once

// Sources of spikes: times, index and units, all in unit order.

#include <memory>
#include <optional>
#include <span>
#include <vector>

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
  /** Fills a block with spikes that are not in memory: those of many small units are read together. */
  void fill_by_reading(std::uint64_t first, std::span<std::byte> block) const;
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

/** A column of the values that trains have of each spike, in the order of SpikeTimes. */
class SpikeValues : public Source {
 public:
  SpikeValues(std::shared_ptr<const SpikeTrains> trains, std::size_t column);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::shared_ptr<const SpikeTrains> trains_;
  std::size_t column_;
};

/** Cumulative end counts of a column with `each[unit]` values for every spike of a unit: int64, uint64 or uint32. */
class SpikeValuesIndex : public Source {
 public:
  /** @param each one for each unit, of 0 or more */
  SpikeValuesIndex(std::shared_ptr<const SpikeTrains> trains, std::span<const std::int32_t> each, ElementType type);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::shared_ptr<const SpikeTrains> trains_;
  /** For each unit the count of its spikes' values, and the count of all before it. */
  std::vector<std::uint64_t> each_;
  std::vector<std::uint64_t> before_;
};

}  // namespace spikeport
