#include "hdf5/format/messages.h"

#include <limits>

#include "columns/column.h"

namespace spikeport::hdf5::format {
namespace {

/** An attribute's parts: a float64, in no dimension. */
constexpr Datatype attribute_type{ElementType::f64};
constexpr Dataspace scalar{};

constexpr std::uint64_t datatype_prefix = 8;

bool is_floating(ElementType type) { return type == ElementType::f32 || type == ElementType::f64; }

bool is_signed(ElementType type) {
  return type == ElementType::i8 || type == ElementType::i16 || type == ElementType::i32 || type == ElementType::i64;
}

/** "Class specific information for Fixed-Point Numbers". */
void encode_fixed_point(ElementType type, Encoder& out) {
  constexpr std::uint8_t version_and_class = 0x10;
  constexpr std::uint8_t twos_complement = 0x08;
  const auto size = static_cast<std::uint16_t>(size_of(type));
  out.u8(version_and_class);
  out.u8(is_signed(type) ? twos_complement : 0);
  out.skip(2);
  out.u32(size);
  out.u16(0);  // bit offset
  out.u16(static_cast<std::uint16_t>(8 * size));
}

/** "Class specific information for Floating-Point Numbers": sign, exponent and mantissa, from the highest bit down. */
template <typename Float>
void encode_floating_point(Encoder& out) {
  constexpr std::uint8_t version_and_class = 0x11;
  constexpr std::uint8_t highest_mantissa_bit_implied = 0x20;
  constexpr std::uint8_t bits = 8 * sizeof(Float);
  constexpr std::uint8_t mantissa = std::numeric_limits<Float>::digits - 1;
  out.u8(version_and_class);
  out.u8(highest_mantissa_bit_implied);
  out.u8(bits - 1);  // where the sign is
  out.skip(1);
  out.u32(sizeof(Float));
  out.u16(0);  // bit offset
  out.u16(bits);
  out.u8(mantissa);             // where the exponent is,
  out.u8(bits - 1 - mantissa);  // and its size
  out.u8(0);                    // where the mantissa is,
  out.u8(mantissa);             // and its size
  out.u32(std::numeric_limits<Float>::max_exponent - 1);
}

}  // namespace

void Dataspace::encode(Encoder& out) const {
  out.u8(1);  // version
  out.u8(static_cast<std::uint8_t>(shape.size()));
  out.skip(6);
  for (const std::uint64_t length : shape) out.u64(length);
}

std::uint64_t Datatype::size() const { return datatype_prefix + (is_floating(element) ? 12 : 4); }

void Datatype::encode(Encoder& out) const {
  if (element == ElementType::f32) {
    encode_floating_point<float>(out);
  } else if (element == ElementType::f64) {
    encode_floating_point<double>(out);
  } else {
    encode_fixed_point(element, out);
  }
}

void FillValue::encode(Encoder& out) {
  out.u8(2);   // version
  out.u8(2);   // space is allocated late
  out.u8(2);   // and filled if there is a value of one's own
  out.u8(1);   // defined,
  out.u32(0);  // by no bytes: the default
}

void ContiguousLayout::encode(Encoder& out) const {
  out.u8(3);  // version
  out.u8(1);  // contiguous
  out.u64(address);
  out.u64(byte_size);
}

std::uint64_t ScalarAttribute::size() const {
  return 8 + padded(name.size() + 1) + padded(attribute_type.size()) + padded(scalar.size()) + sizeof(value);
}

void ScalarAttribute::encode(Encoder& out) const {
  const std::size_t name_size = name.size() + 1;
  out.u8(1);  // version
  out.skip(1);
  out.u16(static_cast<std::uint16_t>(name_size));
  out.u16(static_cast<std::uint16_t>(attribute_type.size()));
  out.u16(static_cast<std::uint16_t>(scalar.size()));
  out.text(name);
  out.skip(padded(name_size) - name.size());
  attribute_type.encode(out);
  out.skip(padded(attribute_type.size()) - attribute_type.size());
  scalar.encode(out);
  out.f64(value);
}

void SymbolTable::encode(Encoder& out) const {
  out.u64(btree);
  out.u64(heap);
}

std::array<Message, 4> dataset_messages(ElementType type, std::span<const std::uint64_t> shape, std::uint64_t address) {
  const std::uint64_t byte_size = element_count(shape) * size_of(type);
  const ContiguousLayout layout{.address = byte_size == 0 ? undefined_address : address, .byte_size = byte_size};
  return {Dataspace{shape}, Datatype{type}, FillValue{}, layout};
}

}  // namespace spikeport::hdf5::format
