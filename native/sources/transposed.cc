#include "sources/transposed.h"

#include <algorithm>

#include "kernels/transpose.h"

namespace spikeport {

Transposed::Transposed(ElementType type, std::uint64_t rows, std::uint64_t columns, const std::byte* data)
    : Source(type, {columns, rows}), rows_(rows), columns_(columns), data_(data) {}

void Transposed::fill(std::uint64_t first, std::span<std::byte> block) const {
  const std::size_t element = size_of(type());
  // First the rest of a row, then all whole rows at once, then the beginning of another.
  while (!block.empty()) {
    const std::uint64_t column = first / rows_;
    const std::uint64_t row = first % rows_;
    const std::uint64_t left = block.size() / element;
    const std::uint64_t whole = row == 0 ? left / rows_ : 0;
    const kernels::Rectangle rectangle{.rows = whole > 0 ? rows_ : std::min(left, rows_ - row),
                                       .columns = std::max<std::uint64_t>(whole, 1)};
    kernels::transpose(data_ + (row * columns_ + column) * element, columns_, rectangle, element, block.data());
    const std::uint64_t filled = rectangle.rows * rectangle.columns;
    first += filled;
    block = block.subspan(filled * element);
  }
}

}  // namespace spikeport
