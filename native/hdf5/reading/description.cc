#include "hdf5/reading/description.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "engine/errors.h"
#include "hdf5/reading/texts.h"

namespace spikeport::hdf5 {
namespace {

/** More attributes than any object has, and more links than any group: what a file says beyond that is not believed. */
constexpr hsize_t most_attributes = 1024;
constexpr std::size_t most_links = std::size_t{1} << 24U;

/** How many children are looked at between two chances to stop. */
constexpr std::size_t children_a_step = 256;

Description::Kind kind_of(H5O_type_t type) {
  switch (type) {
    case H5O_TYPE_GROUP:
      return Description::Kind::group;
    case H5O_TYPE_DATASET:
      return Description::Kind::dataset;
    default:
      return Description::Kind::datatype;
  }
}

void read_numbers(OpenFile& file, const std::string& path, hid_t attribute, hid_t type, std::uint64_t count,
                  AttributeValue& value) {
  // The library refuses a buffer of no bytes.
  if (count == 0) return;
  const StoredType& stored = value.type;
  std::vector<std::byte> bytes(count * stored.size);
  file.check(H5Aread(attribute, type, bytes.data()), path, "read an attribute of it");
  value.numbers.resize(count * size_of(stored.elements.type));
  // The type is the same, but for the order of bytes and halves: everything fits.
  static_cast<void>(kernels::decode(bytes, stored.elements, {}, stored.elements.type, value.numbers.data()));
}

AttributeValue read_attribute(OpenFile& file, const std::string& path, hid_t object, const char* name) {
  const char* doing = "read an attribute of it";
  const Handle attribute = file.check(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, path, doing);
  const Handle type = file.check(H5Aget_type(attribute.get()), H5Tclose, path, doing);
  const Handle space = file.check(H5Aget_space(attribute.get()), H5Sclose, path, doing);
  AttributeValue value;
  value.name = name;
  value.type = stored_type(type.get());
  value.is_null = H5Sget_simple_extent_type(space.get()) == H5S_NULL;
  if (value.is_null) return value;
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  const int rank = H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
  if (rank < 0) file.fail(path, doing);
  value.shape.assign(sizes.begin(), sizes.begin() + rank);
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  // The elements of an attribute lie in the file as they are: there are no more than it has bytes.
  const std::uint64_t most = file.opened().size / std::max<std::size_t>(1, value.type.size);
  if (count < 0 || static_cast<std::uint64_t>(count) > most) {
    file.refuse(path, "attribute '" + std::string(name) + "' of it is longer than the file");
  }
  const auto elements = static_cast<std::uint64_t>(count);
  if (value.type.is_numeric()) {
    read_numbers(file, path, attribute.get(), type.get(), elements, value);
  } else if (value.type.kind != StoredType::Kind::other) {
    value.texts = attribute_texts(file, path, attribute.get(), value.type, elements);
  }
  return value;
}

/** What visits attributes and links: C functions between us and the library, through which no exception may go. */
struct Visit {
  OpenFile* file;
  const std::string* path;
  std::vector<AttributeValue>* attributes;
  std::exception_ptr failure;
};

herr_t visit_attribute(hid_t object, const char* name, const H5A_info_t* /*info*/, void* data) {
  auto& visit = *static_cast<Visit*>(data);
  try {
    visit.attributes->push_back(read_attribute(*visit.file, *visit.path, object, name));
    return 0;
  } catch (...) {
    visit.failure = std::current_exception();
    return -1;
  }
}

std::vector<AttributeValue> attributes_of(OpenFile& file, const std::string& path, const Handle& object) {
  std::vector<AttributeValue> attributes;
  if (file.info_of(object, path).num_attrs > most_attributes) file.refuse(path, "it has too many attributes");
  Visit visit{.file = &file, .path = &path, .attributes = &attributes, .failure = nullptr};
  const herr_t status = H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, visit_attribute, &visit);
  if (visit.failure) {
    H5Eclear2(H5E_DEFAULT);
    std::rethrow_exception(visit.failure);
  }
  file.check(status, path, "read its attributes");
  return attributes;
}

herr_t visit_link(hid_t /*group*/, const char* name, const LinkInfo* /*info*/, void* data) {
  try {
    auto& names = *static_cast<std::vector<std::string>*>(data);
    if (names.size() == most_links) return -1;
    names.emplace_back(name);
    return 0;
  } catch (...) {
    return -1;
  }
}

}  // namespace

Description describe(OpenFile& file, const std::string& path) {
  Description description;
  Handle object = file.find(path);
  if (!object.is_open()) return description;
  const ObjectInfo info = file.info_of(object, path);
  description.kind = kind_of(info.type);
  description.address = info.addr;
  description.attributes = attributes_of(file, path, object);
  if (description.kind == Description::Kind::dataset) {
    description.dataset = describe_dataset(file, path, std::move(object));
    description.dataset.handle = {};
  }
  return description;
}

std::vector<std::string> link_names(const OpenFile& file, const Handle& group, const std::string& path) {
  std::vector<std::string> names;
  H5G_info_t info{};
  file.check(H5Gget_info(group.get(), &info), path, "list what is in it");
  // The library takes a list of as many links as a group says to have, and frees them all, whether it has found them or
  // not. A link is a message of the group's header.
  if (info.storage_type == H5G_STORAGE_TYPE_COMPACT && info.nlinks > file.message_count(group, path)) {
    file.refuse(path, "it is damaged: it has fewer links than it says");
  }
#if H5_VERSION_GE(1, 12, 0)
  const herr_t status = H5Literate1(group.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, visit_link, &names);
#else
  const herr_t status = H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, visit_link, &names);
#endif
  file.check(status, path, "list what is in it");
  std::ranges::sort(names);
  return names;
}

bool ChildReader::read_some(const OpenFile& file) {
  if (!group_.is_open()) {
    group_ = file.open_group(path_);
    names_ = link_names(file, group_, path_);
    packed_.put(static_cast<std::uint32_t>(names_.size()));
  }
  const std::size_t end = std::min(next_ + children_a_step, names_.size());
  for (; next_ < end; next_++) {
    const std::string& name = names_[next_];
    ObjectInfo info{};
    const herr_t status = H5Oget_info_by_name2(group_.get(), name.c_str(), &info, H5O_INFO_BASIC, file.access());
    if (status < 0) H5Eclear2(H5E_DEFAULT);
    const auto kind = status < 0 ? Description::Kind::missing : kind_of(info.type);
    packed_.put(static_cast<std::uint8_t>(kind));
    packed_.put(status < 0 ? 0.0 : static_cast<double>(info.addr));
    packed_.put_text(name);
  }
  return next_ < names_.size();
}

}  // namespace spikeport::hdf5
