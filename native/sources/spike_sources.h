#pragma once

#include <memory>
#include <optional>
#include <span>

#include "sources/source.h"
#include "spikes/time_conversion.h"
#include "spikes/trains.h"

namespace spikeport {

/** The times of all spikes in unit order. */
class SpikeTimes : public Source {
 public:
  SpikeTimes(std::shared_ptr<const Trains> trains, TimeConversion conversion);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;
  [[nodiscard]] std::span<const std::byte> in_place(std::uint64_t first) const override;

  [[nodiscard]] const Trains& trains() const { return *trains_; }

 private:
  std::shared_ptr<const Trains> trains_;
  TimeConversion conversion_;
};

/** Cumulative end counts, one a unit: int64 or uint64. */
class SpikeTimesIndex : public Source {
 public:
  SpikeTimesIndex(std::shared_ptr<const Trains> trains, ElementType type);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::shared_ptr<const Trains> trains_;
};

/** The unit of every spike, in the order of SpikeTimes: the unit's number, or its id when there are ids. */
class SpikeUnits : public Source {
 public:
  SpikeUnits(std::shared_ptr<const Trains> trains, std::optional<std::span<const std::int64_t>> ids);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::shared_ptr<const Trains> trains_;
  std::optional<std::span<const std::int64_t>> ids_;
};

}  // namespace spikeport
