#pragma once

// Numbers of any type as the numbers of units.

#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace spikeport {

/** A number seen as a unit number below `unit_count`. */
template <typename Number>
std::optional<std::size_t> unit_number(Number value, std::size_t unit_count) {
  if constexpr (std::integral<Number>) {
    if (std::cmp_less(value, 0) || std::cmp_greater_equal(value, unit_count)) return std::nullopt;
    return static_cast<std::make_unsigned_t<Number>>(value);
  } else {
    const auto number = static_cast<double>(value);
    if (!(number >= 0.0 && number < static_cast<double>(unit_count)) || std::trunc(number) != number)
      return std::nullopt;
    return static_cast<std::size_t>(number);
  }
}

}  // namespace spikeport
