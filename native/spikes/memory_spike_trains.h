#pragma once

// Spike trains in memory, and how they are put together before sealing.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "spikes/spike_trains.h"

namespace spikeport {

/**
 * Spike trains that point to times in memory. The caller that appends times keeps them alive; only the copies that
 * sealing sorts are kept here (see sealing.h). Times are ascending once sealed.
 */
class MemorySpikeTrains final : public SpikeTrains {
 public:
  void reserve(std::size_t units);
  /** Appends a unit whose times belong to the caller, who may change them at any moment. */
  void append(std::span<const double> times);
  /** Appends a unit whose times only this object uses: they may be sorted in place. */
  void append_own(std::span<double> times);
  /** Appends units without spikes, which take no memory. Nothing can be appended afterwards. */
  void append_empty(std::size_t units) { add_empty_units(units); }

  void read(std::size_t unit, std::uint64_t offset, std::span<double> block) const override;
  [[nodiscard]] std::span<const double> in_place(std::size_t unit, std::uint64_t offset) const override;

  // For sealing and the binding.

  /** All times of a unit. */
  [[nodiscard]] std::span<const double> operator[](std::size_t unit) const {
    return unit < trains_.size() ? trains_[unit] : std::span<const double>();
  }
  /** A unit's times where they may be sorted; nothing when they are the caller's. */
  [[nodiscard]] std::optional<std::span<double>> own(std::size_t unit) const;
  /** Replaces the times of a unit by as many others. Not while other threads read. */
  void replace(std::size_t unit, std::span<const double> times) { trains_[unit] = times; }
  /** Takes ownership of memory that trains point to. */
  void keep(std::shared_ptr<double[]> times) { kept_ = std::move(times); }

 private:
  std::vector<std::span<const double>> trains_;
  std::vector<bool> is_own_;
  std::shared_ptr<double[]> kept_;
};

/** Uninitialized memory for times. A large block is freed by a worker, because the last owner may be the JS thread. */
std::shared_ptr<double[]> allocate_times(std::size_t count);

}  // namespace spikeport
