#include "hdf5/direct/messages.h"

#include <array>
#include <limits>
#include <string_view>
#include <variant>

namespace spikeport::hdf5::direct {
namespace {

constexpr std::uint64_t prefix = 8;

constexpr std::array<std::string_view, 2> boolean_names{"FALSE", "TRUE"};
constexpr std::array<std::string_view, 3> position_axes{"x", "y", "z"};
/** Of a member of a compound, between its name and its type: that it is no array. */
constexpr std::uint64_t no_array_size = 28;

bool is_floating(ElementType type) { return type == ElementType::f32 || type == ElementType::f64; }

bool is_signed(ElementType type) {
  return type == ElementType::i8 || type == ElementType::i16 || type == ElementType::i32 || type == ElementType::i64;
}

std::uint64_t number_size(ElementType type) { return prefix + (is_floating(type) ? 12 : 4); }

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

/** "Filter Description", of a filter with one value: its name fills eight bytes. */
constexpr std::uint64_t filter_size = 24;

void encode_filter(std::uint16_t id, std::string_view name, std::uint32_t value, Encoder& out) {
  constexpr std::uint16_t name_size = 8;
  constexpr std::uint16_t optional = 1;
  out.u16(id);
  out.u16(name_size);
  out.u16(optional);
  out.u16(1);  // value
  out.text(name);
  out.skip(name_size - name.size());
  out.u32(value);
  out.skip(4);
}

struct MessageSize {
  std::uint64_t operator()(ElementType type) const { return number_size(type); }
  std::uint64_t operator()(Boolean /*type*/) const {
    std::uint64_t size = prefix + number_size(ElementType::i8);
    for (const std::string_view name : boolean_names) size += padded(name.size() + 1) + 1;
    return size;
  }
  std::uint64_t operator()(Position /*type*/) const {
    std::uint64_t size = prefix;
    for (const std::string_view name : position_axes) {
      size += padded(name.size() + 1) + sizeof(std::uint32_t) + no_array_size + number_size(ElementType::f64);
    }
    return size;
  }
  std::uint64_t operator()(Text /*type*/) const { return prefix + number_size(ElementType::u8); }
  std::uint64_t operator()(ObjectReference /*type*/) const { return prefix; }
};

struct TypeEncoder {
  Encoder& out;

  void operator()(ElementType type) const {
    if (type == ElementType::f32) {
      encode_floating_point<float>(out);
    } else if (type == ElementType::f64) {
      encode_floating_point<double>(out);
    } else {
      encode_fixed_point(type, out);
    }
  }

  /** "Class specific information for Enumeration": names, and then their values. */
  void operator()(Boolean type) const {
    begin(0x18, boolean_names.size(), type);
    encode_fixed_point(ElementType::i8, out);
    for (const std::string_view name : boolean_names) {
      out.text(name);
      out.skip(padded(name.size() + 1) - name.size());
    }
    out.u8(0);
    out.u8(1);
  }

  /** "Properties Description for Compound Datatype Version 1": names, and where and what their values are. */
  void operator()(Position type) const {
    begin(0x16, position_axes.size(), type);
    std::uint32_t offset = 0;
    for (const std::string_view name : position_axes) {
      out.text(name);
      out.skip(padded(name.size() + 1) - name.size());
      out.u32(offset);
      out.skip(no_array_size);
      encode_floating_point<double>(out);
      offset += sizeof(double);
    }
  }

  /** "Class specific information for Variable-Length": of characters, which are numbers to the format. */
  void operator()(Text type) const {
    constexpr std::uint32_t string = 0x01;
    constexpr std::uint32_t utf8 = 0x0100;
    begin(0x19, string | utf8, type);
    encode_fixed_point(ElementType::u8, out);
  }

  /** "Class specific information for Reference". */
  void operator()(ObjectReference type) const {
    constexpr std::uint32_t to_object = 0;
    begin(0x17, to_object, type);
  }

  void begin(std::uint8_t version_and_class, std::uint32_t bits, const Datatype& type) const {
    out.u32(version_and_class | bits << 8U);
    out.u32(static_cast<std::uint32_t>(element_size(type)));
  }
};

}  // namespace

void DataspaceMessage::encode(Encoder& out) const {
  out.u8(1);  // version
  out.u8(static_cast<std::uint8_t>(shape.size()));
  constexpr std::uint64_t any_length = std::numeric_limits<std::uint64_t>::max();
  out.u8(unlimited ? 1 : 0);  // whether the largest lengths follow
  out.skip(5);
  for (const std::uint64_t length : shape) out.u64(length);
  if (!unlimited) return;
  for (std::size_t axis = 0; axis < shape.size(); axis++) out.u64(axis == *unlimited ? any_length : shape[axis]);
}

void FillValueMessage::encode(Encoder& out) const {
  constexpr std::uint8_t always = 0;
  constexpr std::uint8_t if_value_is_given = 2;
  constexpr std::uint8_t late = 2;
  constexpr std::uint8_t incrementally = 3;
  out.u8(2);  // version
  out.u8(by_chunk ? incrementally : late);
  out.u8(is_always_written ? always : if_value_is_given);
  out.u8(1);   // defined,
  out.u32(0);  // by no bytes: the default
}

void ContiguousLayoutMessage::encode(Encoder& out) const {
  out.u8(3);  // version
  out.u8(1);  // contiguous
  out.u64(address);
  out.u64(byte_size);
}

void ChunkedLayoutMessage::encode(Encoder& out) const {
  out.u8(3);  // version
  out.u8(2);  // chunked
  out.u8(static_cast<std::uint8_t>(chunk.size() + 1));
  out.u64(btree);
  for (const std::uint64_t length : chunk) out.u32(static_cast<std::uint32_t>(length));
  out.u32(static_cast<std::uint32_t>(element_size));
}

std::uint64_t FilterPipelineMessage::size() const {
  return prefix + (shuffle ? filter_size : 0) + (deflate_level ? filter_size : 0);
}

void FilterPipelineMessage::encode(Encoder& out) const {
  out.u8(1);  // version
  out.u8(static_cast<std::uint8_t>((shuffle ? 1 : 0) + (deflate_level ? 1 : 0)));
  out.skip(6);
  if (shuffle) encode_filter(2, "shuffle", *shuffle, out);
  if (deflate_level) encode_filter(1, "deflate", *deflate_level, out);
}

void SymbolTableMessage::encode(Encoder& out) const {
  out.u64(btree);
  out.u64(heap);
}

void FileSpaceInfoMessage::encode(Encoder& out) const {
  constexpr std::uint64_t least_free_section = 1;
  out.u8(1);    // version
  out.u8(1);    // pages
  out.skip(1);  // no list of free space
  out.u64(least_free_section);
  out.u64(page_bytes);
  out.u16(0);  // page-end metadata threshold
  out.u64(undefined_address);
}

std::uint64_t DatatypeMessage::size() const { return std::visit(MessageSize(), elements); }

void DatatypeMessage::encode(Encoder& out) const { std::visit(TypeEncoder{out}, elements); }

}  // namespace spikeport::hdf5::direct
