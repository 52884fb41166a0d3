#pragma once

// Sources of given or computed numbers, without spikes. The arrays they refer to belong to the caller, who keeps them
// alive.

#include <span>
#include <vector>

#include "sources/source.h"
#include "spikes/time_conversion.h"

namespace spikeport {

/** An array as it is. */
class Array : public Source {
 public:
  Array(ElementType type, std::vector<std::uint64_t> shape, const std::byte* data);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;
  [[nodiscard]] std::span<const std::byte> in_place(std::uint64_t first) const override;

 private:
  const std::byte* data_;
};

/** An array repeated `count` times, as rows of a length that divides it. */
class Repeated : public Source {
 public:
  Repeated(ElementType type, std::uint64_t count, std::uint64_t numbers, std::uint64_t row_length,
           const std::byte* data);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::span<const std::byte> bytes_;
};

/** An array of times in ms, widened to double, then converted. */
class Times : public Source {
 public:
  /** @param keeps_float32 whether float32 times are converted in float32 */
  Times(ElementType stored, std::span<const std::byte> times, TimeConversion conversion, bool keeps_float32);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  ElementType stored_;
  std::span<const std::byte> times_;
  TimeConversion conversion_;
  bool keeps_float32_;
};

/** An array of any numbers as float64. */
class Widened : public Source {
 public:
  Widened(ElementType stored, std::vector<std::uint64_t> shape, std::span<const std::byte> numbers);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  ElementType stored_;
  std::span<const std::byte> numbers_;
};

/** `first`, `first + step`, …: int64, uint64 or uint32. */
class Range : public Source {
 public:
  Range(std::uint64_t first, std::uint64_t count, std::uint64_t step, ElementType type);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::uint64_t first_;
  std::uint64_t step_;
};

/** Zeros, with a one at element number `first` and at every `step`-th element after it. Of floating-point type. */
class Ones : public Source {
 public:
  Ones(ElementType type, std::vector<std::uint64_t> shape, std::uint64_t first, std::uint64_t step);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::uint64_t first_;
  std::uint64_t step_;
};

/**
 * Matrices that are zero except in some columns each, matrices × rows × columns. `data` holds those columns,
 * matrices × rows × width, or rows × width that are the same in all. In matrix *m* they are the columns
 * `places[m * width]` to `places[m * width + width - 1]`, which the caller guarantees to exist, or to be -1: such
 * numbers are left out.
 */
class ColumnsEach : public Source {
 public:
  ColumnsEach(std::span<const float> data, std::uint64_t rows, std::uint64_t columns,
              std::span<const std::int32_t> places, std::uint64_t width);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::span<const float> data_;
  std::span<const std::int32_t> places_;
  std::uint64_t rows_;
  std::uint64_t columns_;
  std::uint64_t width_;
};

/** `i / rate_khz`: the times in ms of regular samples, converted. */
class SampleTimes : public Source {
 public:
  SampleTimes(std::uint64_t count, double rate_khz, TimeConversion conversion);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  double rate_khz_;
  TimeConversion conversion_;
};

}  // namespace spikeport
