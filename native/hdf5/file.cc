#include "hdf5/file.h"

#include <algorithm>
#include <utility>

#include "hdf5/alignment.h"
#include "hdf5/error.h"
#include "hdf5/format/object_path.h"

namespace spikeport::hdf5 {
namespace {

hid_t file_type(ElementType type) {
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

std::vector<hsize_t> dimensions(std::span<const std::uint64_t> shape) { return {shape.begin(), shape.end()}; }

}  // namespace

File::File(const std::string& path, std::string name, std::span<const Attribute> attributes) : name_(std::move(name)) {
  const Handle access = check(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "prepare the file");
  check(H5Pset_alignment(access.get(), aligned_from, page), "prepare the file");
  // Ids that a failure left open close with the file.
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "prepare the file");
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  // The partial is locked already, in a way that the library's own lock meets on some file systems.
  check(H5Pset_file_locking(access.get(), false, true), "prepare the file");
#endif
  const Handle creation = check(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "prepare the file");
  check(H5Pset_obj_track_times(creation.get(), false), "prepare the file");
  file_ = check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose, "create the file");
  write_attributes(file_.get(), attributes);
}

void File::create_group(const std::string& path) {
  const Handle links = link_properties(path);
  const Handle group = check(H5Gcreate2(file_.get(), path.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT), H5Gclose,
                             "create group '" + path + "'");
}

Handle File::link_properties(const std::string& path) const {
  Handle links = check(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "prepare a link");
  check(H5Pset_create_intermediate_group(links.get(), 1), "prepare a link");
  if (!format::is_ascii(path)) check(H5Pset_char_encoding(links.get(), H5T_CSET_UTF8), "prepare a link");
  return links;
}

Handle File::create_dataset(const std::string& path, ElementType type, std::span<const std::uint64_t> shape,
                            const Handle& properties, std::span<const Attribute> attributes) {
  check(H5Pset_obj_track_times(properties.get(), false), "prepare dataset '" + path + "'");
  const auto sizes = dimensions(shape);
  const Handle space = shape.empty() ? check(H5Screate(H5S_SCALAR), H5Sclose, "prepare dataset '" + path + "'")
                                     : check(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
                                             H5Sclose, "prepare dataset '" + path + "'");
  const Handle links = link_properties(path);
  Handle dataset = check(
      H5Dcreate2(file_.get(), path.c_str(), file_type(type), space.get(), links.get(), properties.get(), H5P_DEFAULT),
      H5Dclose, "create dataset '" + path + "'");
  write_attributes(dataset.get(), attributes);
  return dataset;
}

std::optional<std::uint64_t> File::create_contiguous(const std::string& path, ElementType type,
                                                     std::span<const std::uint64_t> shape,
                                                     std::span<const Attribute> attributes) {
  const Handle properties = check(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "prepare dataset '" + path + "'");
  if (std::ranges::find(shape, 0U) == shape.end()) {
    check(H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY), "prepare dataset '" + path + "'");
    check(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER), "prepare dataset '" + path + "'");
  }
  const Handle dataset = create_dataset(path, type, shape, properties, attributes);
  if (element_count(shape) == 0) return std::nullopt;
  const haddr_t offset = H5Dget_offset(dataset.get());
  if (offset == HADDR_UNDEF) throw_error("find dataset '" + path + "'", name_);
  return offset;
}

Handle File::create_chunked(const std::string& path, ElementType type, std::span<const std::uint64_t> shape,
                            std::span<const std::uint64_t> chunk, const Chunking& chunking,
                            std::span<const Attribute> attributes) {
  const std::string doing = "prepare dataset '" + path + "'";
  const Handle properties = check(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, doing);
  const auto sizes = dimensions(chunk);
  check(H5Pset_chunk(properties.get(), static_cast<int>(sizes.size()), sizes.data()), doing);
  if (chunking.shuffle) check(H5Pset_shuffle(properties.get()), doing);
  if (chunking.deflate_level) check(H5Pset_deflate(properties.get(), *chunking.deflate_level), doing);
  return create_dataset(path, type, shape, properties, attributes);
}

void File::write_encoded_chunk(const Handle& dataset, std::span<const std::uint64_t> corner, std::uint32_t skipped,
                               std::span<const std::byte> encoded) {
  const auto offset = dimensions(corner);
  check(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, skipped, offset.data(), encoded.size(), encoded.data()),
        "write a chunk");
}

void File::close() {
  if (file_.is_open()) check(H5Fclose(file_.release()), "close the file");
}

void File::write_attributes(hid_t object, std::span<const Attribute> attributes) {
  if (attributes.empty()) return;
  const Handle scalar = check(H5Screate(H5S_SCALAR), H5Sclose, "prepare an attribute");
  for (const auto& [name, value] : attributes) {
    const Handle attribute =
        check(H5Acreate2(object, name.c_str(), H5T_IEEE_F64LE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
              "create attribute '" + name + "'");
    check(H5Awrite(attribute.get(), H5T_NATIVE_DOUBLE, &value), "write attribute '" + name + "'");
  }
}

Handle File::check(hid_t id, Handle::Close closer, const std::string& doing) const {
  if (id < 0) throw_error(doing, name_);
  return {id, closer};
}

void File::check(herr_t status, const std::string& doing) const {
  if (status < 0) throw_error(doing, name_);
}

}  // namespace spikeport::hdf5
