#include "kernels/transpose.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/planes.h"

namespace spikeport::kernels {
namespace {

using test::ByteVector;

ByteVector random_bytes(test::Random& random, std::size_t size) {
  ByteVector bytes(size);
  for (std::byte& byte : bytes) byte = random.byte();
  return bytes;
}

/** One byte after the other. */
ByteVector transposed(const ByteVector& in, std::size_t first, std::size_t in_columns, Rectangle rectangle,
                      std::size_t element_size) {
  ByteVector out;
  for (std::size_t column = 0; column < rectangle.columns; column++) {
    for (std::size_t row = 0; row < rectangle.rows; row++) {
      const std::size_t at = (first + row * in_columns + column) * element_size;
      for (std::size_t byte = 0; byte < element_size; byte++) out.push_back(in[at + byte]);
    }
  }
  return out;
}

/** Transposes a rectangle within a table of the rows and columns that are around it. */
void check_rectangle(const ByteVector& in, std::size_t first, std::size_t in_columns, Rectangle rectangle,
                     std::size_t element_size) {
  // Beyond the rectangle nothing is written.
  ByteVector out(rectangle.rows * rectangle.columns * element_size + 1, std::byte{0x5A});
  transpose(in.data() + first * element_size, in_columns, rectangle, element_size, out.data());
  CAPTURE(element_size);
  CAPTURE(rectangle.rows);
  CAPTURE(rectangle.columns);
  CHECK(out.back() == std::byte{0x5A});
  out.pop_back();
  CHECK(out == transposed(in, first, in_columns, rectangle, element_size));
}

TEST_CASE("transpose: every size of elements, rectangles of every size") {
  test::Random random(3);
  constexpr std::size_t side = 50;
  for (const std::size_t element_size : {1, 2, 4, 8}) {
    const ByteVector in = random_bytes(random, side * side * element_size);
    for (std::size_t rows = 0; rows <= 36; rows++) {
      for (std::size_t columns = 0; columns <= 36; columns++) {
        check_rectangle(in, 3 * side + 5, side, {rows, columns}, element_size);
      }
    }
  }
}

TEST_CASE("transpose: rectangles that are larger than the processor's cache, long or wide") {
  test::Random random(4);
  for (const std::size_t element_size : {1, 2, 4, 8}) {
    for (const Rectangle rectangle :
         {Rectangle{1100, 70}, Rectangle{70, 4200}, Rectangle{1, 5000}, Rectangle{5000, 1}}) {
      const std::size_t in_columns = rectangle.columns + 1;
      const ByteVector in = random_bytes(random, (rectangle.rows + 1) * in_columns * element_size);
      check_rectangle(in, 1, in_columns, rectangle, element_size);
    }
  }
}

}  // namespace
}  // namespace spikeport::kernels
