// Sorts spikes by unit.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/records.h"

namespace spikeport::kernels {

/** Spikes side by side: the unit, the time and the record of values of each, as many of one as of the others. */
struct SpikeColumns {
  std::span<std::uint32_t> units;
  std::span<double> times;
  Records values;
};

/**
 * Sorts spikes by unit; those of one unit stay in the order they came.
 *
 * @param scratch room for as many spikes
 * @return where they are sorted: `spikes` or `scratch`
 */
SpikeColumns sort_by_unit(SpikeColumns spikes, SpikeColumns scratch);

}  // namespace spikeport::kernels
