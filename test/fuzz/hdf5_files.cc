#include "hdf5_files.h"

#include <hdf5.h>

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "hdf5/library/handle.h"

namespace spikeport::fuzz {
namespace {

using hdf5::Handle;

struct DatasetKind {
  hid_t type;
  std::vector<hsize_t> shape;
  /** Empty for a contiguous one. */
  std::vector<hsize_t> chunk;
  bool deflate = false;
  bool shuffle = false;
  bool fletcher32 = false;
  bool is_compact = false;
};

void add_dataset(hid_t parent, const char* name, const DatasetKind& kind) {
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  if (!kind.chunk.empty()) H5Pset_chunk(properties.get(), static_cast<int>(kind.chunk.size()), kind.chunk.data());
  if (kind.shuffle) H5Pset_shuffle(properties.get());
  if (kind.deflate) H5Pset_deflate(properties.get(), 4);
  if (kind.fletcher32) H5Pset_fletcher32(properties.get());
  if (kind.is_compact) H5Pset_layout(properties.get(), H5D_COMPACT);
  std::vector<hsize_t> most = kind.shape;
  if (!kind.chunk.empty()) most[0] = H5S_UNLIMITED;
  const Handle space(H5Screate_simple(static_cast<int>(kind.shape.size()), kind.shape.data(), most.data()), H5Sclose);
  const Handle dataset(H5Dcreate2(parent, name, kind.type, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                       H5Dclose);
  std::size_t count = 1;
  for (const hsize_t length : kind.shape) count *= length;
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; i++) numbers[i] = static_cast<double>(i % 5);
  H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data());
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), 6);
  return type;
}

void add_texts(hid_t parent, const char* name) {
  const Handle type = text_type();
  const hsize_t count = 3;
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle dataset(H5Dcreate2(parent, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                       H5Dclose);
  const std::array<char, 18> texts{'a', 'b', 'c', 0, 0, 0, 'd'};
  H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data());
}

void add_attributes(hid_t object) {
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  const double number = 1.5;
  const Handle attribute(H5Acreate2(object, "length_ms", H5T_IEEE_F64BE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  H5Awrite(attribute.get(), H5T_NATIVE_DOUBLE, &number);
  const Handle type = text_type();
  const Handle text(H5Acreate2(object, "text", type.get(), scalar.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const std::array<char, 6> value{'o', 'n', 'e'};
  H5Awrite(text.get(), type.get(), value.data());
}

void add_reference(hid_t file, const char* to) {
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle dataset(
      H5Dcreate2(file, "reference", H5T_STD_REF_OBJ, scalar.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
  hobj_ref_t reference = 0;
  H5Rcreate(&reference, file, to, H5R_OBJECT, -1);
  H5Dwrite(dataset.get(), H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, &reference);
}

void add_boolean(hid_t file) {
  const Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
  const std::array<std::int8_t, 2> values{0, 1};
  H5Tenum_insert(type.get(), "FALSE", &values[0]);
  H5Tenum_insert(type.get(), "TRUE", &values[1]);
  const hsize_t count = 2;
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle dataset(H5Dcreate2(file, "boolean", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                       H5Dclose);
  H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
}

Handle variable_text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  return type;
}

void add_variable_attribute(hid_t object, const char* name, std::span<const char* const> texts) {
  const Handle type = variable_text_type();
  const hsize_t count = texts.size();
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle attribute(H5Acreate2(object, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  H5Awrite(attribute.get(), type.get(), static_cast<const void*>(texts.data()));
}

/** Texts of variable length, in every layout and with a fill value. */
void add_variable_texts(hid_t file) {
  const Handle type = variable_text_type();
  const hsize_t count = 6;
  const hsize_t chunk = 4;
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const std::string long_text(5000, 'x');
  const std::array<const char*, 6> texts{"one", "", "three", long_text.c_str(), "five", "one"};
  for (const char* name : {"contiguous", "chunked", "deflate", "compact", "unwritten"}) {
    const std::string_view kind = name;
    const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    if (kind == "chunked" || kind == "deflate") H5Pset_chunk(properties.get(), 1, &chunk);
    if (kind == "deflate") H5Pset_deflate(properties.get(), 1);
    if (kind == "compact") H5Pset_layout(properties.get(), H5D_COMPACT);
    if (kind == "unwritten") H5Pset_fill_value(properties.get(), type.get(), static_cast<const void*>(&texts[2]));
    const Handle dataset(H5Dcreate2(file, name, type.get(), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                         H5Dclose);
    if (kind != "unwritten")
      H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, static_cast<const void*>(texts.data()));
    if (kind == "chunked") add_variable_attribute(dataset.get(), "texts", texts);
  }
  add_variable_attribute(file, "colnames", std::span(texts).first(3));
}

/** Many links and attributes, some of them long. */
void add_many(hid_t file) {
  const Handle group(H5Gcreate2(file, "units", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  for (int i = 0; i < 40; i++) {
    const std::string name = std::to_string(i);
    if (i < 3) {
      add_dataset(group.get(), name.c_str(), {.type = H5T_IEEE_F64LE, .shape = {3}, .chunk = {}});
    } else if (i < 20) {
      H5Lcreate_hard(group.get(), "0", group.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    } else {
      H5Lcreate_soft("/units/1", group.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    }
    const Handle attribute(H5Acreate2(group.get(), name.c_str(), H5T_STD_I32LE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    H5Awrite(attribute.get(), H5T_NATIVE_INT, &i);
  }
  const hsize_t count = 1000;
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const std::vector<double> numbers(count, 1.5);
  const Handle attribute(H5Acreate2(group.get(), "long", H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  H5Awrite(attribute.get(), H5T_NATIVE_DOUBLE, numbers.data());
}

/** Types inside types, a named one, and what readers refuse. */
void add_types(hid_t file) {
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  const auto add = [&](const char* name, hid_t type) {
    const Handle dataset(H5Dcreate2(file, name, type, scalar.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
    const Handle attribute(H5Acreate2(dataset.get(), name, type, scalar.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  };
  const Handle compound(H5Tcreate(H5T_COMPOUND, 24), H5Tclose);
  H5Tinsert(compound.get(), "number", 0, H5T_IEEE_F64LE);
  H5Tinsert(compound.get(), "whole", 8, H5T_STD_I32LE);
  const std::array<hsize_t, 2> axes{2, 3};
  const Handle array(H5Tarray_create2(compound.get(), 2, axes.data()), H5Tclose);
  const Handle list(H5Tvlen_create(array.get()), H5Tclose);
  const Handle opaque(H5Tcreate(H5T_OPAQUE, 5), H5Tclose);
  H5Tset_tag(opaque.get(), "a tag");
  const Handle named(H5Tcopy(H5T_STD_U16LE), H5Tclose);
  H5Tcommit2(file, "type", named.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  add("compound", compound.get());
  add("array", array.get());
  add("list", list.get());
  add("opaque", opaque.get());
  add("named", named.get());
  add("region", H5T_STD_REF_DSETREG);
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_external(properties.get(), "/nowhere/at all", 0, 8);
  const hsize_t count = 1;
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle external(
      H5Dcreate2(file, "external", H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Dclose);
}

/** Every index of chunks that there is. */
void add_indices(hid_t file) {
  struct Index {
    const char* name;
    std::array<hsize_t, 2> most;
    std::array<hsize_t, 2> chunk;
    bool is_early;
  };
  constexpr hsize_t open_ended = H5S_UNLIMITED;
  const std::array<hsize_t, 2> shape{8, 6};
  for (const Index& index : {Index{"fixed", {8, 6}, {3, 2}, false}, Index{"one axis", {open_ended, 6}, {1, 2}, false},
                             Index{"both axes", {open_ended, open_ended}, {3, 2}, false},
                             Index{"single", {8, 6}, {8, 6}, false}, Index{"implicit", {8, 6}, {4, 3}, true}}) {
    for (const bool is_filtered : {false, true}) {
      if (is_filtered && index.is_early) continue;
      const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
      H5Pset_chunk(properties.get(), 2, index.chunk.data());
      if (is_filtered) H5Pset_deflate(properties.get(), 1);
      if (index.is_early) H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY);
      const Handle space(H5Screate_simple(2, shape.data(), index.most.data()), H5Sclose);
      const std::string name = index.name + std::string(is_filtered ? ", filtered" : "");
      const Handle dataset(
          H5Dcreate2(file, name.c_str(), H5T_STD_I32LE, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
          H5Dclose);
      const std::vector<int> numbers(48, 3);
      H5Dwrite(dataset.get(), H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data());
    }
  }
}

}  // namespace

void write_file(const std::string& path, bool is_latest, std::size_t kind) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access.get(), is_latest ? H5F_LIBVER_LATEST : H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  const Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose);
  switch (kind) {
    case 0:
      add_attributes(file.get());
      add_dataset(file.get(), "f8", {.type = H5T_IEEE_F64LE, .shape = {20}, .chunk = {}});
      add_dataset(file.get(), "i2", {.type = H5T_STD_I16BE, .shape = {4, 5}, .chunk = {}});
      add_dataset(file.get(), "compact", {.type = H5T_STD_U32LE, .shape = {6}, .chunk = {}, .is_compact = true});
      break;
    case 1:
      add_dataset(file.get(), "deflate",
                  {.type = H5T_STD_I64LE, .shape = {60}, .chunk = {16}, .deflate = true, .shuffle = true});
      add_dataset(
          file.get(), "all",
          {.type = H5T_IEEE_F32LE, .shape = {30}, .chunk = {9}, .deflate = true, .shuffle = true, .fletcher32 = true});
      add_dataset(file.get(), "plain", {.type = H5T_STD_U8LE, .shape = {50}, .chunk = {50}});
      break;
    case 2:
      add_dataset(file.get(), "raster", {.type = H5T_STD_I64LE, .shape = {4, 40}, .chunk = {2, 16}, .deflate = true});
      add_dataset(file.get(), "raster2", {.type = H5T_STD_I16LE, .shape = {4, 40}, .chunk = {}});
      break;
    case 3: {
      const Handle group(H5Gcreate2(file.get(), "units", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
      for (const char* name : {"0", "1", "10", "2"})
        add_dataset(group.get(), name, {.type = H5T_IEEE_F64LE, .shape = {7}, .chunk = {}});
      add_dataset(group.get(), "3", {.type = H5T_IEEE_F64LE, .shape = {7}, .chunk = {3}, .deflate = true});
      H5Lcreate_external("other.h5", "/", file.get(), "external", H5P_DEFAULT, H5P_DEFAULT);
      H5Lcreate_soft("/units/0", file.get(), "soft", H5P_DEFAULT, H5P_DEFAULT);
      H5Lcreate_hard(file.get(), "/", group.get(), "circle", H5P_DEFAULT, H5P_DEFAULT);
      break;
    }
    case 4:
      add_texts(file.get(), "fixed");
      add_reference(file.get(), "/fixed");
      add_boolean(file.get());
      add_attributes(file.get());
      break;
    case 5:
      add_variable_texts(file.get());
      break;
    case 6:
      add_many(file.get());
      break;
    case 7:
      add_types(file.get());
      break;
    default:
      add_indices(file.get());
  }
}

}  // namespace spikeport::fuzz
