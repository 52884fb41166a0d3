// How metadata becomes bytes: fields of the HDF5 File Format Specification, in memory or generated as they are written.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/source.h"

namespace spikeport::hdf5::direct {

/** The address of what is not in the file. */
constexpr std::uint64_t undefined_address = ~std::uint64_t{0};

/** All metadata, and most of its parts, begin at a multiple of this. */
constexpr std::uint64_t metadata_alignment = 8;

constexpr std::uint64_t padded(std::uint64_t size, std::uint64_t alignment = metadata_alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

/** Writes consecutive fields, little-endian, into bytes that are zero. */
class Encoder {
 public:
  explicit Encoder(std::span<std::byte> out) : out_(out) {}

  void u8(std::uint8_t value) { number(value); }
  void u16(std::uint16_t value) { number(value); }
  void u32(std::uint32_t value) { number(value); }
  void u64(std::uint64_t value) { number(value); }
  void f64(double value) { number(std::bit_cast<std::uint64_t>(value)); }
  void bytes(std::span<const std::byte> bytes) { std::ranges::copy(bytes, take(bytes.size())); }
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

/** Metadata held in memory. */
class MetadataBytes : public Source {
 public:
  explicit MetadataBytes(std::vector<std::byte> bytes)
      : Source(ElementType::u8, {bytes.size()}), bytes_(std::move(bytes)) {}
  void fill(std::uint64_t first, std::span<std::byte> block) const override {
    std::ranges::copy(std::span(bytes_).subspan(first, block.size()), block.begin());
  }

  [[nodiscard]] std::span<std::byte> bytes() { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/** Records of one size, each generated when it is written: the memory does not grow with their count. */
class GeneratedRecords : public Source {
 public:
  GeneratedRecords(std::uint64_t record_size, std::uint64_t count);
  void fill(std::uint64_t first, std::span<std::byte> block) const final;

  [[nodiscard]] std::uint64_t record_size() const { return record_size_; }

 private:
  /** Writes a record into its bytes, which are zero. Called on any thread. */
  virtual void encode(std::uint64_t number, std::span<std::byte> record) const = 0;

  std::uint64_t record_size_;
};

}  // namespace spikeport::hdf5::direct
