#include "sources/joined_arrays.h"

#include <algorithm>
#include <utility>

#include "kernels/transpose.h"

namespace spikeport {
namespace {

/** Fills a block with matrices of rows × columns, each transposed, from element `first` of the results on. */
void fill_transposed(const std::byte* matrices, kernels::Rectangle matrix, std::size_t element, std::uint64_t first,
                     std::span<std::byte> block) {
  const std::uint64_t size = matrix.rows * matrix.columns;
  while (!block.empty()) {
    const std::byte* start = matrices + first / size * size * element;
    const std::uint64_t column = first % size / matrix.rows;
    const std::uint64_t row = first % matrix.rows;
    const std::uint64_t left = block.size() / element;
    // The rest of a column, or as many whole ones of this matrix as there is room for.
    const std::uint64_t whole = row == 0 ? std::min(left / matrix.rows, matrix.columns - column) : 0;
    const kernels::Rectangle part{.rows = whole > 0 ? matrix.rows : std::min(left, matrix.rows - row),
                                  .columns = std::max<std::uint64_t>(whole, 1)};
    kernels::transpose(start + (row * matrix.columns + column) * element, matrix.columns, part, element, block.data());
    const std::uint64_t filled = part.rows * part.columns;
    first += filled;
    block = block.subspan(static_cast<std::size_t>(filled) * element);
  }
}

}  // namespace

void ArrayList::reserve(std::size_t arrays) {
  arrays_.reserve(arrays);
  ends_.reserve(arrays);
}

bool ArrayList::append(ElementType type, std::span<const std::byte> bytes) {
  if (type_.value_or(type) != type) return false;
  type_ = type;
  ends_.push_back(element_count() + bytes.size() / size_of(type));
  arrays_.push_back(bytes);
  return true;
}

std::size_t ArrayList::array_of(std::uint64_t element) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends_, element) - ends_.begin());
}

JoinedArrays::JoinedArrays(std::shared_ptr<const ArrayList> arrays, std::vector<std::uint64_t> shape,
                           std::vector<std::int32_t> columns)
    : Source(arrays->type().value(), std::move(shape)), arrays_(std::move(arrays)), columns_(std::move(columns)) {}

void JoinedArrays::fill(std::uint64_t first, std::span<std::byte> block) const {
  const std::size_t element = size_of(type());
  for (std::size_t i = arrays_->array_of(first); !block.empty(); i++) {
    const std::span<const std::byte> array = (*arrays_)[i];
    const std::uint64_t offset = first - arrays_->first_of(i);
    const auto from = static_cast<std::size_t>(offset) * element;
    const auto part = block.first(std::min(block.size(), array.size() - from));
    if (const std::int32_t columns = columns_.empty() ? 0 : columns_[i]; columns > 1) {
      fill_transposed(array.data(), {.rows = shape().back(), .columns = static_cast<std::uint64_t>(columns)}, element,
                      offset, part);
    } else {
      std::ranges::copy(array.subspan(from, part.size()), part.begin());
    }
    first += part.size() / element;
    block = block.subspan(part.size());
  }
}

}  // namespace spikeport
