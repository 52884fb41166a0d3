#include "kernels/largest_column.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace spikeport::kernels {

std::int32_t largest_column(ElementType type, std::span<const std::byte> matrix, std::size_t columns) {
  if (columns == 0) return -1;
  // By column: so a row is compared with all of them at once, by vector instructions.
  std::vector<double> largest(columns, -1.0);
  with_type(type, [&]<typename T>(T /*zero*/) {
    const auto* const elements = reinterpret_cast<const T*>(matrix.data());
    const std::size_t count = matrix.size() / sizeof(T);
    for (std::size_t row = 0; row + columns <= count; row += columns) {
      for (std::size_t column = 0; column < columns; column++) {
        const double value = std::abs(static_cast<double>(elements[row + column]));
        // Not for NaN.
        largest[column] = value > largest[column] ? value : largest[column];
      }
    }
  });
  const auto highest = std::ranges::max_element(largest);
  return highest == largest.end() || *highest < 0 ? -1 : static_cast<std::int32_t>(highest - largest.begin());
}

}  // namespace spikeport::kernels
