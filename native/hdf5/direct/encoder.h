#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace spikeport::hdf5::direct {

/** The address of what is not in the file. */
constexpr std::uint64_t undefined_address = ~std::uint64_t{0};

/** All metadata begins at a multiple of this, and so do most of its parts. */
constexpr std::uint64_t metadata_alignment = 8;

constexpr std::uint64_t padded(std::uint64_t size) {
  return (size + metadata_alignment - 1) / metadata_alignment * metadata_alignment;
}

/** Writes fields of the file format one behind the other into bytes that are zero. */
class Encoder {
 public:
  explicit Encoder(std::span<std::byte> out) : out_(out) {}

  void u8(std::uint8_t value) { number(value); }
  void u16(std::uint16_t value) { number(value); }
  void u32(std::uint32_t value) { number(value); }
  void u64(std::uint64_t value) { number(value); }
  void f64(double value) { number(std::bit_cast<std::uint64_t>(value)); }
  void text(std::string_view text) { std::memcpy(take(text.size()), text.data(), text.size()); }
  /** Leaves bytes zero, such as reserved ones. */
  void skip(std::size_t size) { take(size); }

 private:
  void number(std::unsigned_integral auto value) {
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(take(sizeof(value)), &value, sizeof(value));
  }

  std::byte* take(std::size_t size) {
    std::byte* const at = out_.data();
    out_ = out_.subspan(size);
    return at;
  }

  std::span<std::byte> out_;
};

}  // namespace spikeport::hdf5::direct
