// Sorts spikes by unit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/records.h"

namespace spikeport::kernels {

/** Spikes side by side: the unit, the time and the record of values of each, as many of one as of the others. */
struct SpikeColumns {
  std::span<std::uint32_t> units;
  std::span<double> times;
  Records values;
};

/** Spikes of one unit among those of several, unit by unit: those that follow the spikes of the unit before it. */
struct UnitEnd {
  std::uint32_t unit;
  /** The number of spikes up to and with these. */
  std::uint32_t end;
};

/** Times and records of spikes, unit by unit. */
struct SpikesByUnit {
  std::span<double> times;
  Records values;
};

/**
 * Sorts spikes by unit; those of one unit stay in the order they came.
 *
 * @param spikes fewer than 2^32, which are lost unless they are in order
 * @param scratch room for as many spikes
 * @param ends becomes the units that have spikes, ascending
 * @return where they are sorted: in `spikes` or `scratch`
 */
SpikesByUnit sort_by_unit(SpikeColumns spikes, SpikeColumns scratch, std::vector<UnitEnd>& ends);

}  // namespace spikeport::kernels
