#pragma once

// Raw samples as int16.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "engine/errors.h"

namespace spikeport {

/**
 * Multiplies numbers by a scale and rounds them, half to even; without a scale they are whole already.
 * @return how many fit, up to the first that does not
 */
template <typename T>
std::size_t to_int16(const T* in, std::optional<double> scale, std::span<std::int16_t> out) {
  constexpr double least = std::numeric_limits<std::int16_t>::min();
  constexpr double most = std::numeric_limits<std::int16_t>::max();
  for (std::size_t i = 0; i < out.size(); i++) {
    // Whole numbers beyond 2^53 become others, which do not fit either.
    const auto number = static_cast<double>(in[i]);
    const double whole = scale ? std::nearbyint(number * *scale) : number;
    if (!(whole >= least && whole <= most)) return i;
    out[i] = static_cast<std::int16_t>(whole);
  }
  return out.size();
}

/** Throws for a number that does not fit. */
[[noreturn]] inline void refuse_int16(double number, std::uint64_t sample, std::uint64_t channel, bool is_scaled) {
  throw ValueError("Expected numbers that fit int16" + std::string(is_scaled ? " when multiplied by the scale" : "") +
                   " for sample " + std::to_string(sample) + " of channel " + std::to_string(channel) +
                   " of rawData but received " + readable(number) + ".");
}

}  // namespace spikeport
