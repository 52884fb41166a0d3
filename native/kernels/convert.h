// Converts spike times in ms.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

namespace spikeport::kernels {

/** Adding 1.5 · 2^52 leaves the integer nearest to a small number, half to even, in the low bits of the sum. */
constexpr double rounder = 6755399441055744.0;
constexpr auto rounder_bits = std::bit_cast<std::uint64_t>(rounder);
/** 2^51: below this magnitude the sum above stays where the spacing of doubles is 1. */
constexpr double small_limit = 2251799813685248.0;

/** Seconds: `in[i] / 1000`, a true division. */
void to_seconds(std::span<const double> in, double* out);

/**
 * Samples: `rint(in[i] * per_ms)`, half to even.
 * @return a time whose sample does not fit int64 (also NaN), if there is one; `out` is unspecified then
 */
[[nodiscard]] std::optional<double> to_samples(std::span<const double> in, double per_ms, std::int64_t* out);

/** The same for one time; nullopt where its sample does not fit. */
[[nodiscard]] inline std::optional<std::int64_t> to_sample(double time, double per_ms) {
  const double product = time * per_ms;
  if (std::abs(product) < small_limit) {
    return static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(product + rounder) - rounder_bits);
  }
  const double sample = std::nearbyint(product);
  if (!(sample >= -0x1p63 && sample < 0x1p63)) return std::nullopt;
  return static_cast<std::int64_t>(sample);
}

}  // namespace spikeport::kernels
