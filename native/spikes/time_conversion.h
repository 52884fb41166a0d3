#pragma once

#include <cstdint>
#include <span>

#include "kernels/element_type.h"

namespace spikeport {

/** How times in ms become the numbers of a source. */
struct TimeConversion {
  enum class Unit : std::uint8_t { ms, s, samples };

  Unit unit = Unit::ms;
  double fs_hz = 0;

  [[nodiscard]] ElementType type() const { return unit == Unit::samples ? ElementType::i64 : ElementType::f64; }

  /** Writes the converted times, eight bytes each. Throws ValueError for a sample outside int64. */
  void convert(std::span<const double> times, std::byte* out) const;

  /** The type of times that are converted in float32, as numpy converts float32. */
  [[nodiscard]] ElementType float32_type() const { return unit == Unit::samples ? ElementType::i64 : ElementType::f32; }

  /** The same in float32: ms and seconds of four bytes each, samples of eight. */
  void convert(std::span<const float> times, std::byte* out) const;
};

/** Throws the ValueError for a time whose sample does not fit int64. */
[[noreturn]] void throw_unfit(double time, double fs_hz);

}  // namespace spikeport
