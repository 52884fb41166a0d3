#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace spikeport {

/** The times of one unit in ms, ascending once sealed (see sealing.h). */
using Train = std::span<const double>;

/**
 * The trains of a recording: where each unit's times are, and how many lie before it.
 *
 * The times themselves belong to the caller, who keeps them alive; only sorted copies are kept here. Whoever reads them
 * must survive that they change meanwhile.
 */
class Trains {
 public:
  void append(Train train);

  /** Puts a train in the place of another with as many spikes. Not while anybody reads them. */
  void replace(std::size_t unit, Train train) { trains_[unit] = train; }
  /** Keeps memory that trains point into. */
  void keep(std::shared_ptr<double[]> times) { kept_ = std::move(times); }

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
  std::shared_ptr<double[]> kept_;
};

}  // namespace spikeport
