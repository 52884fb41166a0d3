// The types of elements that are stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport {

/** The numbers a source or dataset holds, little-endian in memory and in every file. */
enum class ElementType : std::uint8_t { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64 };

constexpr std::size_t size_of(ElementType type) {
  switch (type) {
    case ElementType::i8:
    case ElementType::u8:
      return 1;
    case ElementType::i16:
    case ElementType::u16:
      return 2;
    case ElementType::i32:
    case ElementType::u32:
    case ElementType::f32:
      return 4;
    case ElementType::i64:
    case ElementType::u64:
    case ElementType::f64:
      return 8;
  }
  return 0;
}

/** The elements of an array of any type, which its owner keeps alive. */
struct Numbers {
  ElementType type = ElementType::f64;
  std::span<const std::byte> bytes;

  [[nodiscard]] std::uint64_t count() const { return bytes.size() / size_of(type); }
};

/** Returns what `visit` does with a zero of the type that such elements have in C++. */
template <typename Visit>
auto with_type(ElementType type, Visit visit) {
  switch (type) {
    case ElementType::i8:
      return visit(std::int8_t{});
    case ElementType::u8:
      return visit(std::uint8_t{});
    case ElementType::i16:
      return visit(std::int16_t{});
    case ElementType::u16:
      return visit(std::uint16_t{});
    case ElementType::i32:
      return visit(std::int32_t{});
    case ElementType::u32:
      return visit(std::uint32_t{});
    case ElementType::i64:
      return visit(std::int64_t{});
    case ElementType::u64:
      return visit(std::uint64_t{});
    case ElementType::f32:
      return visit(float{});
    case ElementType::f64:
      break;
  }
  return visit(double{});
}

}  // namespace spikeport
