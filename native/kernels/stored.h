// Elements of files as numbers, one by one. For sources of kernels/ alone.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/decode.h"

namespace spikeport::kernels {

static_assert(std::endian::native == std::endian::little);

template <std::size_t size>
using Bits = std::conditional_t<
    size == 1, std::uint8_t,
    std::conditional_t<size == 2, std::uint16_t, std::conditional_t<size == 4, std::uint32_t, std::uint64_t>>>;

constexpr std::uint8_t swapped(std::uint8_t bits) { return bits; }
constexpr std::uint16_t swapped(std::uint16_t bits) { return __builtin_bswap16(bits); }
constexpr std::uint32_t swapped(std::uint32_t bits) { return __builtin_bswap32(bits); }
constexpr std::uint64_t swapped(std::uint64_t bits) { return __builtin_bswap64(bits); }

/** IEEE 754 binary16 as float, exactly. */
inline float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half & 0x8000U} << 16U;
  const std::uint32_t magnitude = half & 0x7FFFU;
  // The exponents of infinity and NaN stay the highest.
  if (magnitude >= 0x7C00U) return std::bit_cast<float>(sign | 0x7F800000U | (magnitude & 0x3FFU) << 13U);
  // With the exponent of a half in the place of a float's, the number is 2^112 times too small: also one that is
  // subnormal.
  const float scaled = std::bit_cast<float>(magnitude << 13U) * 0x1p112F;
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(scaled));
}

/** An element as it is stored, which `load` reads as a number. */
template <typename T, bool is_big_endian>
struct Stored {
  using Number = T;
  static constexpr std::size_t size = sizeof(T);
  static T load(const std::byte* in) {
    Bits<sizeof(T)> bits;
    std::memcpy(&bits, in, sizeof(T));
    return std::bit_cast<T>(is_big_endian ? swapped(bits) : bits);
  }
};

template <bool is_big_endian>
struct StoredHalf {
  using Number = float;
  static constexpr std::size_t size = 2;
  static float load(const std::byte* in) { return half_to_float(Stored<std::uint16_t, is_big_endian>::load(in)); }
};

/** Returns what `visit` does with the kind of elements. */
template <typename Visit>
auto with_stored(const StoredElements& stored, Visit visit) {
  if (stored.is_half) return stored.is_big_endian ? visit(StoredHalf<true>{}) : visit(StoredHalf<false>{});
  return with_type(stored.type, [&]<typename T>(T /*zero*/) {
    return stored.is_big_endian ? visit(Stored<T, true>{}) : visit(Stored<T, false>{});
  });
}

}  // namespace spikeport::kernels
