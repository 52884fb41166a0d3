#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace spikeport {

/** The times of one unit in ms, ascending once sealed. */
using Train = std::span<const double>;

/** The time a recording covers, in ms; without a length it ends at the last spike. */
struct Window {
  double start = 0;
  std::optional<double> length;
};

/** What sealing found. */
struct SealReport {
  enum class Kind : std::uint8_t { none, not_finite, before_start, after_end };

  Kind problem = Kind::none;
  std::size_t unit = 0;
  double value = 0;
  double length = 0;
  /** Units that were not in order, ascending, and their sorted times, one unit behind the other. */
  std::vector<std::size_t> sorted_units;
  std::shared_ptr<double[]> sorted_times;
  std::size_t sorted_count = 0;
};

/**
 * The trains of a recording: where each unit's times are, and how many lie before it.
 *
 * The times themselves belong to the caller, who keeps them alive; only sorted copies are held here. Whoever reads them
 * must survive that they change meanwhile.
 */
class Trains {
 public:
  void append(Train train);

  /** Checks every time against the window, and puts a sorted copy in the place of each train that is not in order. */
  SealReport seal(const Window& window);

  [[nodiscard]] std::size_t unit_count() const { return trains_.size(); }
  [[nodiscard]] std::uint64_t spike_count() const { return ends_.empty() ? 0 : ends_.back(); }
  [[nodiscard]] Train operator[](std::size_t unit) const { return trains_[unit]; }

  /** How many spikes the units before this one have in all. */
  [[nodiscard]] std::uint64_t first_spike(std::size_t unit) const { return unit == 0 ? 0 : ends_[unit - 1]; }
  /** Cumulative end counts, one a unit. */
  [[nodiscard]] std::span<const std::uint64_t> ends() const { return ends_; }
  /** The unit that has the spike with this number, counted through all units in order. */
  [[nodiscard]] std::size_t unit_of(std::uint64_t spike) const;

 private:
  std::vector<Train> trains_;
  std::vector<std::uint64_t> ends_;
  std::shared_ptr<double[]> sorted_times_;
};

}  // namespace spikeport
