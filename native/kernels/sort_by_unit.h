// Sorts spikes by unit.
#pragma once

#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** Spikes side by side: the unit and the time of each, as many of one as of the other. */
struct UnitsAndTimes {
  std::span<std::uint32_t> units;
  std::span<double> times;
};

/**
 * Sorts spikes by unit; those of one unit stay in the order they came.
 *
 * @param scratch room for as many spikes
 * @return where they are sorted: `spikes` or `scratch`
 */
UnitsAndTimes sort_by_unit(UnitsAndTimes spikes, UnitsAndTimes scratch);

}  // namespace spikeport::kernels
