// Sorts spike times.
#pragma once

#include <span>
#include <vector>

namespace spikeport::kernels {

/** Sorts finite times; −0 and 0 come in any order. `scratch` is memory that the next call can use again. */
void sort_times(std::span<double> times, std::vector<double>& scratch);

}  // namespace spikeport::kernels
