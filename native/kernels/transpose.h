// Transposes tables of numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace spikeport::kernels {

/** A part of a table. */
struct Rectangle {
  std::uint64_t rows;
  std::uint64_t columns;
};

/**
 * Writes the columns of a rectangle one after the other.
 *
 * @param in the first element of the rectangle, in a table of `in_columns` in C order
 * @param element_size 1, 2, 4 or 8 bytes
 */
void transpose(const std::byte* in, std::uint64_t in_columns, Rectangle rectangle, std::size_t element_size,
               std::byte* out);

}  // namespace spikeport::kernels
