// Spike counts of rasters that are read, and the spike times that SpikeLab makes of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/decode.h"

namespace spikeport::kernels {

/** The sum of a stretch of counts. */
struct CountSum {
  std::uint64_t spikes = 0;
  /** The first element that is no count: negative but for -1, not finite, or more than any count; the number of
   * elements without one. */
  std::size_t problem = 0;
};

/** Adds up counts; of fractions only the whole part counts, and -1 as 0. */
[[nodiscard]] CountSum sum_counts(std::span<const std::byte> counts, const StoredElements& stored);

/** Where the bins of a raster are. */
struct RasterBins {
  double start_ms = 0;
  double width_ms = 1;
};

/**
 * Spike times for a stretch of counts that `sum_counts` has added up: those of a bin are evenly spaced inside it, by
 * the operations of `numpy.linspace`.
 * @param first_bin the number of the first bin
 * @param skipped how many times to leave out
 * @param out the next ones; what is more than that is dropped
 * @return how many times it has got
 */
std::size_t times_of_counts(std::span<const std::byte> counts, const StoredElements& stored, const RasterBins& bins,
                            std::uint64_t first_bin, std::uint64_t skipped, std::span<double> out);

}  // namespace spikeport::kernels
