#include "hdf5/reading/stored_type.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

namespace spikeport::hdf5 {
namespace {

/** More names of values than any enumeration has. */
constexpr int most_names = 4096;

std::optional<ElementType> integer_of(std::size_t size, bool is_signed) {
  switch (size) {
    case 1:
      return is_signed ? ElementType::i8 : ElementType::u8;
    case 2:
      return is_signed ? ElementType::i16 : ElementType::u16;
    case 4:
      return is_signed ? ElementType::i32 : ElementType::u32;
    case 8:
      return is_signed ? ElementType::i64 : ElementType::u64;
    default:
      return std::nullopt;
  }
}

StoredType other(std::size_t size, const std::string& problem) {
  StoredType type;
  type.size = size;
  type.problem = problem;
  return type;
}

StoredType numeric(ElementType element, bool is_big_endian) {
  StoredType type;
  type.kind = StoredType::Kind::number;
  type.size = size_of(element);
  type.elements = {.type = element, .is_big_endian = is_big_endian};
  return type;
}

bool fills_bytes(hid_t type, std::size_t size) {
  return H5Tget_precision(type) == size * 8 && H5Tget_offset(type) == 0;
}

StoredType integer(hid_t type, std::size_t size, bool is_signed) {
  const auto element = integer_of(size, is_signed);
  const H5T_order_t order = H5Tget_order(type);
  if (!element || !fills_bytes(type, size) || order == H5T_ORDER_VAX || order == H5T_ORDER_MIXED) {
    return other(size, "its integers are of an unusual form");
  }
  return numeric(*element, order == H5T_ORDER_BE);
}

/** Where the parts of a floating-point number are. */
struct FloatFields {
  std::size_t sign = 0;
  std::size_t exponent = 0;
  std::size_t exponent_size = 0;
  std::size_t mantissa = 0;
  std::size_t mantissa_size = 0;
  std::size_t bias = 0;

  bool operator==(const FloatFields&) const = default;
};

constexpr FloatFields half{.sign = 15, .exponent = 10, .exponent_size = 5, .mantissa_size = 10, .bias = 15};
constexpr FloatFields single{.sign = 31, .exponent = 23, .exponent_size = 8, .mantissa_size = 23, .bias = 127};
constexpr FloatFields twice{.sign = 63, .exponent = 52, .exponent_size = 11, .mantissa_size = 52, .bias = 1023};

StoredType floating(hid_t type, std::size_t size) {
  FloatFields fields;
  const bool is_known = H5Tget_fields(type, &fields.sign, &fields.exponent, &fields.exponent_size, &fields.mantissa,
                                      &fields.mantissa_size) >= 0;
  fields.bias = H5Tget_ebias(type);
  const H5T_order_t order = H5Tget_order(type);
  const bool is_ieee = is_known && fills_bytes(type, size) && H5Tget_norm(type) == H5T_NORM_IMPLIED &&
                       (order == H5T_ORDER_LE || order == H5T_ORDER_BE);
  const bool is_big_endian = order == H5T_ORDER_BE;
  if (is_ieee && size == 8 && fields == twice) return numeric(ElementType::f64, is_big_endian);
  if (is_ieee && size == 4 && fields == single) return numeric(ElementType::f32, is_big_endian);
  if (!is_ieee || size != 2 || fields != half) return other(size, "its floating-point numbers are not of IEEE 754");
  StoredType halves = numeric(ElementType::f32, is_big_endian);
  halves.size = size;
  halves.elements.is_half = true;
  return halves;
}

/** An integer in the bytes of an enumeration's value. */
std::int64_t value_in(const std::byte* bytes, const StoredType& type) {
  std::int64_t value = 0;
  // Of an enumeration all numbers above int64 are of no use.
  static_cast<void>(
      kernels::decode({bytes, type.size}, type.elements, {}, ElementType::i64, reinterpret_cast<std::byte*>(&value)));
  return value;
}

StoredType enumeration(hid_t type) {
  const Handle base(H5Tget_super(type), H5Tclose);
  StoredType read = base.is_open() ? stored_type(base.get()) : StoredType();
  const int count = H5Tget_nmembers(type);
  if (read.kind != StoredType::Kind::number || size_of(read.elements) != H5Tget_size(type) || count < 0 ||
      count > most_names || read.elements.type == ElementType::f32 || read.elements.type == ElementType::f64) {
    return other(read.size, "its enumeration is of an unusual form");
  }
  for (unsigned i = 0; i < static_cast<unsigned>(count); i++) {
    std::byte value[8]{};
    char* name = H5Tget_member_name(type, i);
    if (name == nullptr) return other(read.size, "its enumeration is damaged");
    const bool has_value = H5Tget_member_value(type, i, value) >= 0;
    if (has_value) read.names.emplace_back(name, value_in(value, read));
    H5free_memory(name);
    if (!has_value) return other(read.size, "its enumeration is damaged");
  }
  auto sorted = read.names;
  std::ranges::sort(sorted);
  using Members = std::vector<std::pair<std::string, std::int64_t>>;
  const bool is_boolean = read.size == 1 && sorted == Members{{"FALSE", 0}, {"TRUE", 1}};
  read.kind = is_boolean ? StoredType::Kind::boolean : StoredType::Kind::enumeration;
  return read;
}

StoredType text(hid_t type, std::size_t size) {
  StoredType read;
  read.kind = StoredType::Kind::text;
  read.size = size;
  read.has_variable_length = H5Tis_variable_str(type) > 0;
  const H5T_str_t padding = H5Tget_strpad(type);
  read.padding = padding == H5T_STR_SPACEPAD  ? StoredType::Padding::space_padded
                 : padding == H5T_STR_NULLPAD ? StoredType::Padding::nul_padded
                                              : StoredType::Padding::nul_terminated;
  return read;
}

}  // namespace

StoredType stored_type(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return integer(type, size, H5Tget_sign(type) == H5T_SGN_2);
    case H5T_BITFIELD:
      return integer(type, size, false);
    case H5T_FLOAT:
      return floating(type, size);
    case H5T_ENUM:
      return enumeration(type);
    case H5T_STRING:
      return text(type, size);
    case H5T_REFERENCE: {
      if (H5Tequal(type, H5T_STD_REF_OBJ) <= 0) return other(size, "its elements are references to regions");
      StoredType reference;
      reference.kind = StoredType::Kind::reference;
      reference.size = size;
      return reference;
    }
    case H5T_COMPOUND:
      return other(size, "its elements are compound");
    case H5T_VLEN:
      return other(size, "its elements are lists");
    case H5T_ARRAY:
      return other(size, "its elements are arrays");
    case H5T_OPAQUE:
      return other(size, "its elements are opaque");
    default:
      return other(size, "its elements are of an unknown type");
  }
}

std::string_view text_in(std::string_view bytes, StoredType::Padding padding) {
  if (padding == StoredType::Padding::nul_terminated) return bytes.substr(0, bytes.find('\0'));
  const std::size_t last = bytes.find_last_not_of(padding == StoredType::Padding::space_padded ? ' ' : '\0');
  return bytes.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace spikeport::hdf5
