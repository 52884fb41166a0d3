#pragma once

// Counts what is unusual about the times of spike trains.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "spikes/spike_trains.h"

namespace spikeport {

/** Goes through all times once, on one thread at a time: call `look_at_some` until it returns false. */
class TimeSurvey {
 public:
  /** @param end of the recording's window, in ms */
  TimeSurvey(std::shared_ptr<const SpikeTrains> trains, double end);

  /** Looks at the next block; returns whether there are more. */
  bool look_at_some();

  /** How many spikes are at the time of the one before them in their unit, in how many units, and in which first. */
  [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
  [[nodiscard]] std::size_t repeating_units() const { return repeating_units_; }
  [[nodiscard]] std::optional<std::size_t> first_repeating() const { return first_repeating_; }
  /** How many spikes are at the very end of the window. */
  [[nodiscard]] std::uint64_t at_end() const { return at_end_; }
  /** How many units have no spikes. Linear in the units. */
  [[nodiscard]] std::size_t empty_units() const;

 private:
  std::shared_ptr<const SpikeTrains> trains_;
  double end_;
  /** The next spike, numbered through all units, and the unit and the time of the one before. */
  std::uint64_t next_ = 0;
  std::optional<std::size_t> unit_;
  double before_ = 0;

  std::uint64_t repeated_ = 0;
  std::size_t repeating_units_ = 0;
  std::optional<std::size_t> first_repeating_;
  std::optional<std::size_t> last_repeating_;
  std::uint64_t at_end_ = 0;
};

}  // namespace spikeport
