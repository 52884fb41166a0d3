#pragma once

// Spike trains in a file.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "spikes/sealing.h"
#include "spikes/spike_trains.h"
#include "spikes/stored_times.h"
#include "spikes/stored_values.h"

namespace spikeport {

/** What is known of a train without reading it. */
struct TrainFacts {
  /** The first and the last time; infinity and -infinity without spikes. */
  double first = std::numeric_limits<double>::infinity();
  double last = -std::numeric_limits<double>::infinity();
  /** Whether its times were not in order as they came. */
  bool is_reordered = false;
};

/** Where times may be, in ms: those outside are read as the nearer end. */
struct TimeLimits {
  double first;
  double last;
};

/** Checks trains that are sorted against a window, as sealing does. Linear in the units. */
SealReport seal_report(std::span<const TrainFacts> trains, const RecordingWindow& window);

/** Spike trains whose times lie in a file, ascending. */
class FileSpikeTrains final : public SpikeTrains {
 public:
  /**
   * Trains that lie one after the other.
   * @param times those of all trains; others may refer to them
   * @param counts how many spikes each unit has
   * @param empty_units the number of units without spikes after these
   */
  FileSpikeTrains(std::shared_ptr<StoredTimes> times, std::span<const std::uint64_t> counts, std::size_t empty_units);
  /** Trains of another object, by the numbers of their units; others than it has are units without spikes. */
  FileSpikeTrains(const FileSpikeTrains& all, std::span<const double> units);

  void read(std::size_t unit, std::uint64_t offset, std::span<double> block) const override;
  void read_spikes(std::uint64_t first, std::span<double> block) const override;
  [[nodiscard]] std::span<const ElementType> value_types() const override { return value_types_; }
  void read_values(std::size_t column, std::uint64_t first, std::span<std::byte> block) const override;

  // Before others read:

  /** Adds a column of values, in the order of the times. */
  void add_values(std::shared_ptr<StoredValues> values);
  /** Those of each unit but the empty ones at the end. Threads may write to different ones at once. */
  [[nodiscard]] std::span<TrainFacts> facts() { return facts_; }
  /** Moves times into limits. Returns how many these are. */
  std::uint64_t limit(TimeLimits limits);

  /** Closes the file, when nothing reads any more: trains that are still referred to do not keep it. */
  void close();

 private:
  /** Reads times from a place in the file on. */
  void read_at(std::uint64_t place, std::span<double> block) const;
  /** How many times of a unit, which is in order, are below a time, or also those that are equal to it. */
  [[nodiscard]] std::uint64_t count_below(std::size_t unit, double time, bool or_equal) const;

  std::shared_ptr<StoredTimes> times_;
  std::vector<std::shared_ptr<StoredValues>> values_;
  std::vector<ElementType> value_types_;
  std::vector<TrainFacts> facts_;
  /** The place of each unit's first time; empty where units lie one after the other. */
  std::vector<std::uint64_t> places_;
  std::optional<TimeLimits> limits_;
};

}  // namespace spikeport
