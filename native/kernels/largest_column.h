// Where matrices have their largest numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/element_type.h"

namespace spikeport::kernels {

/**
 * The column of a matrix that has its largest absolute value, the first of several; -1 where no element is a number.
 * @param matrix rows × columns of any type, in C order
 */
[[nodiscard]] std::int32_t largest_column(ElementType type, std::span<const std::byte> matrix, std::size_t columns);

}  // namespace spikeport::kernels
