#pragma once

// The conversion of times in ms to the unit of a file.

#include <cstdint>
#include <span>

#include "kernels/element_type.h"

namespace spikeport {

/** The unit that times in ms are converted to, with its element type. */
struct TimeConversion {
  enum class Unit : std::uint8_t { ms, s, samples };

  Unit to = Unit::ms;
  double fs_hz = 0;

  [[nodiscard]] ElementType type() const { return to == Unit::samples ? ElementType::i64 : ElementType::f64; }

  /** Writes the converted times, 8 bytes each. Throws ValueError for a sample outside int64. */
  void convert(std::span<const double> times, std::byte* out) const;

  /** The element type of times that are converted in float32, as numpy does it. */
  [[nodiscard]] ElementType float32_type() const { return to == Unit::samples ? ElementType::i64 : ElementType::f32; }

  /** The same in float32: 4 bytes each for ms and seconds, 8 for samples. */
  void convert(std::span<const float> times, std::byte* out) const;
};

/** Throws the ValueError for a time whose sample does not fit int64. */
[[noreturn]] void throw_unfit(double time, double fs_hz);

}  // namespace spikeport
