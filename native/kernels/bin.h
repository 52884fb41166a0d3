// Counts spikes in bins of a raster.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** Equal bins after a start time: bin j is `(start + j·width, start + (j+1)·width]`, all in ms. */
struct Bins {
  double start;
  double width;
  std::uint64_t count;

  /** `ceil((t − start) / width) − 1`, clipped to the bins there are. Never falls as t grows. */
  [[nodiscard]] std::uint64_t of(double time) const {
    const double bin = std::ceil((time - start) / width) - 1.0;
    if (!(bin > 0.0)) return 0;
    const auto last = static_cast<double>(count - 1);
    return bin < last ? static_cast<std::uint64_t>(bin) : count - 1;
  }
};

/** The times in bins `first` to `last - 1` of a sorted train. */
std::span<const double> times_in_bins(std::span<const double> times, const Bins& bins, std::uint64_t first,
                                      std::uint64_t last);

/** Counts each time in its bin; `counts` has bins `first` to `first + counts.size() - 1`. Times elsewhere are skipped.
 */
void count_spikes(std::span<const double> times, const Bins& bins, std::uint64_t first, std::span<std::int64_t> counts);

}  // namespace spikeport::kernels
