#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace spikeport {

/** The times of one unit in ms, ascending once sealed (see sealing.h). */
using Train = std::span<const double>;

/**
 * The trains of a recording: where each unit's times are, and how many lie before it.
 *
 * Whoever appends times keeps them alive; only sorted copies are kept here. Whoever reads them must survive that they
 * change meanwhile.
 */
class Trains {
 public:
  /** Makes room for so many units. */
  void reserve(std::size_t units);
  void append(Train train);
  /** The same for times that are nobody else's: they may be sorted where they are. */
  void append_own(std::span<double> train);
  /** Puts units without spikes behind all others. They take no memory; nothing can be appended any more. */
  void pad(std::size_t units) { padding_ = units; }

  /** Puts a train in the place of another with as many spikes. Not while anybody reads them. */
  void replace(std::size_t unit, Train train) { trains_[unit] = train; }
  /** Keeps memory that trains point into. */
  void keep(std::shared_ptr<double[]> times) { kept_ = std::move(times); }

  [[nodiscard]] std::size_t unit_count() const { return trains_.size() + padding_; }
  /** The same without those that `pad` put behind them. */
  [[nodiscard]] std::size_t appended_count() const { return trains_.size(); }
  [[nodiscard]] std::uint64_t spike_count() const { return ends_.empty() ? 0 : ends_.back(); }
  [[nodiscard]] Train operator[](std::size_t unit) const { return unit < trains_.size() ? trains_[unit] : Train(); }
  /** A unit's times where they may be sorted; nothing when they are the caller's. */
  [[nodiscard]] std::optional<std::span<double>> own(std::size_t unit) const;

  /** How many spikes the units before this one have in all; that of the unit behind the last is the end. */
  [[nodiscard]] std::uint64_t first_spike(std::size_t unit) const {
    const std::size_t before = std::min(unit, ends_.size());
    return before == 0 ? 0 : ends_[before - 1];
  }
  /** The unit that has the spike with this number, counted through all units in order. */
  [[nodiscard]] std::size_t unit_of(std::uint64_t spike) const;

 private:
  std::vector<Train> trains_;
  std::vector<std::uint64_t> ends_;
  std::vector<bool> is_own_;
  std::size_t padding_ = 0;
  std::shared_ptr<double[]> kept_;
};

}  // namespace spikeport
