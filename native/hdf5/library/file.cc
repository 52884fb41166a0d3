#include "hdf5/library/file.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "hdf5/library/attributes.h"
#include "hdf5/library/error.h"
#include "hdf5/library/library_type.h"
#include "hdf5/model/alignment.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/object_path.h"
#include "platform/entry.h"
#include "platform/error.h"

namespace spikeport::hdf5 {
File::File(const std::string& path, std::string name, const std::optional<std::uint64_t>& page_bytes,
           std::span<const Attribute> attributes)
    : check_(path, std::move(name)) {
  const Handle access = check_(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "prepare the file");
  check_(H5Pset_alignment(access.get(), aligned_from, page), "prepare the file");
  // Ids that a failure left open close with the file.
  check_(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "prepare the file");
  // The oldest format that holds the data, which from 2.0 on is not the default.
  check_(H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST), "prepare the file");
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  // The partial is locked already, in a way that the library's own lock meets on some file systems.
  check_(H5Pset_file_locking(access.get(), false, true), "prepare the file");
#endif
  const Handle creation = check_(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "prepare the file");
  check_(H5Pset_obj_track_times(creation.get(), false), "prepare the file");
  if (page_bytes) {
    constexpr bool keep_free_space = false;
    constexpr hsize_t least_free_section = 1;
    check_(H5Pset_file_space_strategy(creation.get(), H5F_FSPACE_STRATEGY_PAGE, keep_free_space, least_free_section),
           "prepare the file");
    check_(H5Pset_file_space_page_size(creation.get(), *page_bytes), "prepare the file");
  }
  const hid_t created = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get());
  // The library does not report that the file it has just opened was removed.
  if (created < 0) {
    const std::error_code error = platform::access_error(path, platform::Access::find);
    if (error) throw SystemError(error, "open", check_.name());
  }
  file_ = check_(created, H5Fclose, "create the file");
  write_attributes(file_.get(), attributes, check_);
}

void File::create_group(const std::string& path, std::span<const Attribute> attributes) {
  const Handle links = link_properties(path);
  const Handle group = check_(H5Gcreate2(file_.get(), path.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT), H5Gclose,
                              "create group '" + path + "'");
  write_attributes(group.get(), attributes, check_);
}

void File::create_link(const SoftLink& link) {
  const Handle links = link_properties(link.path);
  check_(H5Lcreate_soft(link.target.c_str(), file_.get(), link.path.c_str(), links.get(), H5P_DEFAULT),
         "create link '" + link.path + "'");
}

Handle File::link_properties(const std::string& path) const {
  Handle links = check_(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "prepare a link");
  check_(H5Pset_create_intermediate_group(links.get(), 1), "prepare a link");
  if (!is_ascii(path)) check_(H5Pset_char_encoding(links.get(), H5T_CSET_UTF8), "prepare a link");
  return links;
}

Handle File::create_dataset(const std::string& path, const Datatype& type, const Handle& space,
                            const Handle& properties, std::span<const Attribute> attributes) {
  check_(H5Pset_obj_track_times(properties.get(), false), "prepare dataset '" + path + "'");
  const Handle stored = library_type(type, check_);
  const Handle links = link_properties(path);
  Handle dataset = check_(
      H5Dcreate2(file_.get(), path.c_str(), stored.get(), space.get(), links.get(), properties.get(), H5P_DEFAULT),
      H5Dclose, "create dataset '" + path + "'");
  write_attributes(dataset.get(), attributes, check_);
  return dataset;
}

Handle File::create_dataset(const std::string& path, const Datatype& type, std::span<const std::uint64_t> shape,
                            const std::optional<Chunking>& chunking, std::span<const Attribute> attributes) {
  const std::string doing = "prepare dataset '" + path + "'";
  const Handle properties = check_(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, doing);
  const bool is_chunked = has_chunks(chunking, shape);
  if (is_chunked) {
    const auto sizes = dimensions(chunk_shape(*chunking, shape, static_cast<std::size_t>(element_size(type))));
    check_(H5Pset_chunk(properties.get(), static_cast<int>(sizes.size()), sizes.data()), doing);
    if (chunking->shuffle) check_(H5Pset_shuffle(properties.get()), doing);
    if (chunking->deflate_level) check_(H5Pset_deflate(properties.get(), *chunking->deflate_level), doing);
  }
  const Handle space = library_space(shape, check_, is_chunked ? chunking->unlimited_axis(shape.size()) : std::nullopt);
  return create_dataset(path, type, space, properties, attributes);
}

std::optional<std::uint64_t> File::create_contiguous(const std::string& path, const Datatype& type,
                                                     std::span<const std::uint64_t> shape,
                                                     std::span<const Attribute> attributes) {
  const Handle properties = check_(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "prepare dataset '" + path + "'");
  if (std::ranges::find(shape, 0U) == shape.end()) {
    check_(H5Pset_alloc_time(properties.get(), H5D_ALLOC_TIME_EARLY), "prepare dataset '" + path + "'");
    check_(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER), "prepare dataset '" + path + "'");
  }
  const Handle dataset = create_dataset(path, type, library_space(shape, check_), properties, attributes);
  if (element_count(shape) == 0) return std::nullopt;
  const haddr_t offset = H5Dget_offset(dataset.get());
  if (offset == HADDR_UNDEF) check_.fail("find dataset '" + path + "'");
  return offset;
}

void File::write_encoded_chunk(const Handle& dataset, std::span<const std::uint64_t> corner,
                               std::span<const std::byte> encoded) {
  const auto offset = dimensions(corner);
  constexpr std::uint32_t no_filter_skipped = 0;
  check_(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, no_filter_skipped, offset.data(), encoded.size(), encoded.data()),
         "write a chunk");
}

void File::close() {
  if (file_.is_open()) check_(H5Fclose(file_.release()), "close the file");
}

}  // namespace spikeport::hdf5
