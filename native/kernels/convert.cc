#include "kernels/convert.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace spikeport::kernels {
namespace {

constexpr auto small_limit_bits = std::bit_cast<std::uint64_t>(small_limit);
constexpr std::size_t values_a_block = 1024;

/** Rounds the samples if all are small, and returns whether they are. Only operations that SSE2 and NEON have for
 * vectors: the compiler makes vectors of this loop. */
bool round_small(const double* in, std::size_t count, double per_ms, std::int64_t* out) {
  std::uint64_t small = ~std::uint64_t{0};
  for (std::size_t i = 0; i < count; i++) {
    const double sample = in[i] * per_ms;
    // Magnitudes are ordered as their bits are: the difference of a small one from the limit has its highest bit set.
    small &= (std::bit_cast<std::uint64_t>(sample) & INT64_MAX) - small_limit_bits;
    out[i] = static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(sample + rounder) - rounder_bits);
  }
  return small >> 63U == 1;
}

std::optional<double> round_any(const double* in, std::size_t count, double per_ms, std::int64_t* out) {
  for (std::size_t i = 0; i < count; i++) {
    const auto sample = to_sample(in[i], per_ms);
    if (!sample) return in[i];
    out[i] = *sample;
  }
  return std::nullopt;
}

}  // namespace

void to_seconds(std::span<const double> in, double* out) {
  for (std::size_t i = 0; i < in.size(); i++) out[i] = in[i] / 1000.0;
}

std::optional<double> to_samples(std::span<const double> in, double per_ms, std::int64_t* out) {
  for (std::size_t i = 0; i < in.size(); i += values_a_block) {
    const std::size_t count = std::min(values_a_block, in.size() - i);
    if (round_small(&in[i], count, per_ms, out + i)) continue;
    if (const auto unfit = round_any(&in[i], count, per_ms, out + i)) return unfit;
  }
  return std::nullopt;
}

}  // namespace spikeport::kernels
