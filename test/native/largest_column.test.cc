#include "kernels/largest_column.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace spikeport::kernels {
namespace {

template <typename T>
std::int32_t column_of(ElementType type, const std::vector<T>& matrix, std::size_t columns) {
  return largest_column(type, std::as_bytes(std::span(matrix)), columns);
}

TEST_CASE("largest_column: wherever the largest value is, of any sign") {
  for (const std::size_t columns : {std::size_t{1}, std::size_t{4}, std::size_t{7}, std::size_t{384}}) {
    std::vector<float> matrix(columns * 5, 0.5F);
    CHECK(column_of(ElementType::f32, matrix, columns) == 0);
    for (std::size_t at = 0; at < matrix.size(); at++) {
      CAPTURE(columns);
      CAPTURE(at);
      matrix[at] = at % 2 == 0 ? 2.0F : -2.0F;
      CHECK(column_of(ElementType::f32, matrix, columns) == static_cast<std::int32_t>(at % columns));
      matrix[at] = 0.5F;
    }
  }
  CHECK(column_of<std::int8_t>(ElementType::i8, {1, 2, -128, 3, 127, 4}, 3) == 2);
}

TEST_CASE("largest_column: the first of equal ones, and no NaN") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(column_of<double>(ElementType::f64, {1, 3, 2, 3, 1, -3}, 3) == 0);
  CHECK(column_of<double>(ElementType::f64, {nan, 1, nan, 2, 0, 0}, 3) == 0);
  CHECK(column_of<double>(ElementType::f64, {nan, 0, nan, 0}, 2) == 1);
  CHECK(column_of<double>(ElementType::f64, {nan, 1, 2, -infinity}, 2) == 1);
  CHECK(column_of<double>(ElementType::f64, {nan, nan}, 2) == -1);
  CHECK(column_of<double>(ElementType::f64, {}, 2) == -1);
  CHECK(column_of<double>(ElementType::f64, {}, 0) == -1);
}

}  // namespace
}  // namespace spikeport::kernels
