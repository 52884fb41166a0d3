#pragma once

#include <span>
#include <vector>

#include "sources/source.h"
#include "spikes/time_conversion.h"

namespace spikeport {

/** Numbers that are already there. Their owner keeps them alive. */
class Array : public Source {
 public:
  Array(ElementType type, std::vector<std::uint64_t> shape, const std::byte* data);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;
  [[nodiscard]] std::span<const std::byte> in_place(std::uint64_t first) const override;

 private:
  const std::byte* data_;
};

/** The same numbers so many times, as count × numbers. Their owner keeps them alive. */
class Repeated : public Source {
 public:
  Repeated(ElementType type, std::uint64_t count, std::uint64_t numbers, const std::byte* data);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::span<const std::byte> bytes_;
};

/** Times in ms that are already there, made double and then converted. Their owner keeps them alive. */
class Times : public Source {
 public:
  /** @param in_float32 whether float32 times are converted in float32 */
  Times(ElementType stored, std::span<const std::byte> times, TimeConversion conversion, bool in_float32);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  ElementType stored_;
  std::span<const std::byte> times_;
  TimeConversion conversion_;
  bool in_float32_;
};

/** Numbers that count up from the first: int64, uint64 or uint32. */
class Range : public Source {
 public:
  Range(std::int64_t first, std::uint64_t count, ElementType type);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::int64_t first_;
};

/** Zeros, and a one at element number `first` and at every `step`-th behind it. Of floating-point type. */
class Ones : public Source {
 public:
  Ones(ElementType type, std::vector<std::uint64_t> shape, std::uint64_t first, std::uint64_t step);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::uint64_t first_;
  std::uint64_t step_;
};

/**
 * Matrices of zeros with numbers in one column each, as matrices × rows × columns: matrix *m* has them in column
 * `places[m]`. The numbers are one for each row, the same in all matrices, or as many again for each matrix. Their
 * owner keeps them and the places alive, and vouches for the places.
 */
class OneColumnEach : public Source {
 public:
  OneColumnEach(std::span<const float> numbers, std::uint64_t rows, std::uint64_t columns,
                std::span<const std::int32_t> places);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::span<const float> numbers_;
  std::span<const std::int32_t> places_;
  std::uint64_t rows_;
  std::uint64_t columns_;
};

/** `i / rate`: the times, in ms, of samples taken `rate_khz` times a ms, converted. */
class SampleTimes : public Source {
 public:
  SampleTimes(std::uint64_t count, double rate_khz, TimeConversion conversion);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  double rate_khz_;
  TimeConversion conversion_;
};

}  // namespace spikeport
