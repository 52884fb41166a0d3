#include "hdf5/library/library_type.h"

#include <variant>

namespace spikeport::hdf5 {
namespace {

constexpr const char* preparing = "prepare a type";

hid_t number_type(ElementType type) {
  switch (type) {
    case ElementType::i8:
      return H5T_STD_I8LE;
    case ElementType::u8:
      return H5T_STD_U8LE;
    case ElementType::i16:
      return H5T_STD_I16LE;
    case ElementType::u16:
      return H5T_STD_U16LE;
    case ElementType::i32:
      return H5T_STD_I32LE;
    case ElementType::u32:
      return H5T_STD_U32LE;
    case ElementType::i64:
      return H5T_STD_I64LE;
    case ElementType::u64:
      return H5T_STD_U64LE;
    case ElementType::f32:
      return H5T_IEEE_F32LE;
    case ElementType::f64:
      break;
  }
  return H5T_IEEE_F64LE;
}

/** Makes the type that each kind of elements has. */
struct TypeMaker {
  const Check& check;

  Handle operator()(ElementType type) const { return check(H5Tcopy(number_type(type)), H5Tclose, preparing); }

  Handle operator()(Boolean /*type*/) const {
    Handle type = check(H5Tenum_create(H5T_STD_I8LE), H5Tclose, preparing);
    std::int8_t value = 0;
    for (const char* const name : {"FALSE", "TRUE"}) {
      check(H5Tenum_insert(type.get(), name, &value), preparing);
      value++;
    }
    return type;
  }

  Handle operator()(Position type) const {
    Handle made = check(H5Tcreate(H5T_COMPOUND, element_size(type)), H5Tclose, preparing);
    std::size_t offset = 0;
    for (const char* const name : {"x", "y", "z"}) {
      check(H5Tinsert(made.get(), name, offset, H5T_IEEE_F64LE), preparing);
      offset += sizeof(double);
    }
    return made;
  }

  Handle operator()(Text /*type*/) const {
    Handle type = check(H5Tcopy(H5T_C_S1), H5Tclose, preparing);
    check(H5Tset_size(type.get(), H5T_VARIABLE), preparing);
    check(H5Tset_cset(type.get(), H5T_CSET_UTF8), preparing);
    return type;
  }

  Handle operator()(ObjectReference /*type*/) const { return check(H5Tcopy(H5T_STD_REF_OBJ), H5Tclose, preparing); }
};

}  // namespace

Handle library_type(const Datatype& type, const Check& check) { return std::visit(TypeMaker{check}, type); }

Handle library_space(std::span<const std::uint64_t> shape, const Check& check, std::optional<std::size_t> unlimited) {
  if (shape.empty()) return check(H5Screate(H5S_SCALAR), H5Sclose, "prepare a shape");
  const auto sizes = dimensions(shape);
  auto most = sizes;
  if (unlimited) most[*unlimited] = H5S_UNLIMITED;
  return check(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), most.data()), H5Sclose,
               "prepare a shape");
}

}  // namespace spikeport::hdf5
