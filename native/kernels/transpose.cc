#include "kernels/transpose.h"

#include <algorithm>
#include <cstring>

#include "kernels/simd.h"

namespace spikeport::kernels {
namespace {

/** Elements of one size, from where they are to where they go. The distances are between rows there, in bytes. */
template <std::size_t size>
struct Transposition {
  const std::byte* in;
  std::size_t in_distance;
  std::byte* out;
  std::size_t out_distance;

  [[nodiscard]] Transposition from(std::size_t row, std::size_t column) const {
    return {in + row * in_distance + column * size, in_distance, out + column * out_distance + row * size,
            out_distance};
  }

  /** One element after the other. */
  void plainly(std::size_t rows, std::size_t columns) const {
    for (std::size_t column = 0; column < columns; column++) {
      const std::byte* from = in + column * size;
      std::byte* to = out + column * out_distance;
      for (std::size_t row = 0; row < rows; row++, from += in_distance, to += size) std::memcpy(to, from, size);
    }
  }

#ifdef SPIKEPORT_VECTORS
  /** How many elements a vector has, and so a square its rows and columns. */
  static constexpr std::size_t lanes = vector_size / size;

  void square() const {
    struct Vectors {
      Vector vector[lanes];
      Vector& operator[](std::size_t k) { return vector[k]; }
    };
    Vectors vectors;
    for (std::size_t row = 0; row < lanes; row++) vectors[row] = load(in + row * in_distance);
    // Dealing the rows of the lower half between those of the upper half moves each bit of an element's place up by
    // one; once for each bit of a row's number, rows and columns have changed places.
    for (std::size_t dealt_rows = 1; dealt_rows < lanes; dealt_rows *= 2) {
      Vectors dealt;
      for (std::size_t k = 0; k < lanes / 2; k++) {
        dealt[2 * k] = interleave_low<size>(vectors[k], vectors[k + lanes / 2]);
        dealt[2 * k + 1] = interleave_high<size>(vectors[k], vectors[k + lanes / 2]);
      }
      vectors = dealt;
    }
    for (std::size_t column = 0; column < lanes; column++) store(vectors[column], out + column * out_distance);
  }
#else
  static constexpr std::size_t lanes = 16 / size;
  void square() const { plainly(lanes, lanes); }
#endif

  /** A part that the processor's cache holds: square by square, and what is left beside and below them. */
  void tile(std::size_t rows, std::size_t columns) const {
    const std::size_t whole_rows = rows / lanes * lanes;
    const std::size_t whole_columns = columns / lanes * lanes;
    for (std::size_t row = 0; row < whole_rows; row += lanes) {
      for (std::size_t column = 0; column < whole_columns; column += lanes) from(row, column).square();
    }
    from(0, whole_columns).plainly(whole_rows, columns - whole_columns);
    from(whole_rows, 0).plainly(rows - whole_rows, columns);
  }

  void whole(std::size_t rows, std::size_t columns) const {
    constexpr std::size_t tile_rows = 1024 / size;
    constexpr std::size_t tile_columns = 4096 / size;
    for (std::size_t column = 0; column < columns; column += tile_columns) {
      for (std::size_t row = 0; row < rows; row += tile_rows) {
        from(row, column).tile(std::min(tile_rows, rows - row), std::min(tile_columns, columns - column));
      }
    }
  }
};

template <std::size_t size>
void transpose(const std::byte* in, std::size_t in_columns, std::size_t rows, std::size_t columns, std::byte* out) {
  Transposition<size>{in, in_columns * size, out, rows * size}.whole(rows, columns);
}

}  // namespace

void transpose(const std::byte* in, std::uint64_t in_columns, Rectangle rectangle, std::size_t element_size,
               std::byte* out) {
  const auto distance = static_cast<std::size_t>(in_columns);
  const auto rows = static_cast<std::size_t>(rectangle.rows);
  const auto columns = static_cast<std::size_t>(rectangle.columns);
  switch (element_size) {
    case 1:
      return transpose<1>(in, distance, rows, columns, out);
    case 2:
      return transpose<2>(in, distance, rows, columns, out);
    case 4:
      return transpose<4>(in, distance, rows, columns, out);
    default:
      return transpose<8>(in, distance, rows, columns, out);
  }
}

}  // namespace spikeport::kernels
