// Converts the elements of files to those of arrays in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "kernels/element_type.h"

namespace spikeport::kernels {

/** How elements are stored in a file. */
struct StoredElements {
  ElementType type = ElementType::u8;
  bool is_big_endian = false;
  /** IEEE 754 binary16, which `type` has no name for: it is f32 then, and each element has two bytes. */
  bool is_half = false;

  bool operator==(const StoredElements&) const = default;
};

constexpr std::size_t size_of(const StoredElements& stored) { return stored.is_half ? 2 : size_of(stored.type); }

/** What becomes of each number, as float64, after it was read: the arithmetic of the reference, operation by operation.
 */
struct Scaling {
  enum class Kind : std::uint8_t {
    none,
    /** `x * factor` */
    times,
    /** `x / factor * 1000` */
    samples_to_ms,
  };

  Kind kind = Kind::none;
  double factor = 1;
};

/** Whether elements of one type can become those of another: of the same type, float64 of any, float32 of halves, int64
 * of integers. */
[[nodiscard]] bool can_decode(const StoredElements& stored, ElementType wanted, const Scaling& scaling);

/**
 * Converts elements, for which `can_decode` holds.
 * @param out has room for them
 * @return the first that does not fit, a uint64 of 2^63 or more that has to become an int64
 */
[[nodiscard]] std::optional<std::size_t> decode(std::span<const std::byte> in, const StoredElements& stored,
                                                const Scaling& scaling, ElementType wanted, std::byte* out);

}  // namespace spikeport::kernels
