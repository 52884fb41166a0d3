// Sums windows of a sampled signal, for means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/element_type.h"

namespace spikeport::kernels {

/** The most windows of one call: 2^15 samples of 16 bits fit a sum of 32. */
constexpr std::size_t most_windows = std::size_t{1} << 15U;

/**
 * Adds to `sums[i]` the sample `begin + i` of each window, as float64, in the order of `begins`. Sums of whole numbers
 * are exact up to 2^53.
 *
 * @param begins the first sample of each window, at most `most_windows`; the caller guarantees that all of
 * `sums.size()` samples exist
 */
void add_windows(ElementType type, const std::byte* samples, std::span<const std::uint64_t> begins,
                 std::span<double> sums);

}  // namespace spikeport::kernels
