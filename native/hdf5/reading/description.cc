#include "hdf5/reading/description.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "engine/errors.h"
#include "hdf5/reading/texts.h"

namespace spikeport::hdf5 {
namespace {

/** More attributes than any object has. */
constexpr std::size_t most_attributes = 1024;

/** Longer numbers and texts of an attribute are packed. */
constexpr std::size_t most_plain_bytes = 4096;

/** How many children are looked at between two chances to stop. */
constexpr std::size_t children_a_step = 256;

Description::Kind kind_of(structure::ObjectKind kind) {
  switch (kind) {
    case structure::ObjectKind::group:
      return Description::Kind::group;
    case structure::ObjectKind::dataset:
      return Description::Kind::dataset;
    case structure::ObjectKind::datatype:
      break;
  }
  return Description::Kind::datatype;
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

/** What an attribute is read with. */
struct AttributeSource {
  OpenFile& file;
  const std::string& path;
  /** What was checked of the object. */
  const structure::CheckedObject& checked;
};

/** Texts and references: those of variable length past the library. */
void read_texts(const AttributeSource& source, hid_t attribute, hid_t type, std::uint64_t count,
                AttributeValue& value) {
  if (count == 0) return;
  std::vector<std::byte> elements(count * value.type.size);
  if (!value.type.has_variable_length) {
    source.file.check(H5Aread(attribute, type, elements.data()), source.path, "read an attribute of it");
  } else {
    const auto found = std::ranges::find(source.checked.attributes, value.name, &structure::StoredAttribute::name);
    if (found == source.checked.attributes.end() || found->elements.size() != elements.size()) {
      source.file.refuse(source.path, "attribute '" + value.name + "' of it is damaged");
    }
    elements = found->elements;
  }
  append_texts(source.file, source.path, elements, value.type, value.texts);
}

/** Packs what is long, so that the JS thread does not have to copy it. */
void pack(AttributeValue& value) {
  std::size_t bytes = value.numbers.size();
  for (const std::string& text : value.texts) bytes += sizeof(std::uint32_t) + text.size();
  if (bytes <= most_plain_bytes) return;
  Packed packed;
  for (const std::string& text : value.texts) packed.put_text(text);
  value.packed =
      std::make_shared<std::vector<std::byte>>(value.texts.empty() ? std::move(value.numbers) : packed.take());
  value.numbers = {};
  value.texts = {};
}

AttributeValue read_attribute(const AttributeSource& source, hid_t object, const char* name) {
  OpenFile& file = source.file;
  const std::string& path = source.path;
  const char* doing = "read an attribute of it";
  const Handle attribute = file.check(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, path, doing);
  const Handle type = file.check(H5Aget_type(attribute.get()), H5Tclose, path, doing);
  const Handle space = file.check(H5Aget_space(attribute.get()), H5Sclose, path, doing);
  AttributeValue value;
  value.name = name;
  value.type = type_in(file, type.get());
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
    read_texts(source, attribute.get(), type.get(), elements, value);
  }
  pack(value);
  return value;
}

/** One by one: the library crashes when it has begun a list of all, and then finds damage. */
std::vector<AttributeValue> attributes_of(const AttributeSource& source, const Handle& object) {
  const auto& checked = source.checked.attributes;
  if (checked.size() > most_attributes) source.file.refuse(source.path, "it has too many attributes");
  std::vector<AttributeValue> attributes;
  attributes.reserve(checked.size());
  for (const auto& attribute : checked)
    attributes.push_back(read_attribute(source, object.get(), attribute.name.c_str()));
  return attributes;
}

}  // namespace

std::size_t Description::weight() const {
  constexpr std::size_t bytes_a_microsecond = 1024;
  std::size_t weight = 2 + dataset.type.names.size() / 2;
  for (const AttributeValue& value : attributes) {
    weight += 2 + value.texts.size() / 4 + (value.packed ? value.packed->size() / bytes_a_microsecond : 0);
  }
  return weight;
}

Description describe(OpenFile& file, const std::string& path) {
  Description description;
  const auto address = file.find(path);
  if (!address) return description;
  const auto checked = file.check_object(*address, path);
  description.kind = kind_of(checked.kind);
  description.address = *address;
  if (checked.is_virtual) {
    description.dataset.path = path;
    description.dataset.problem = virtual_problem;
    return description;
  }
  Handle object = file.open(*address, path);
  description.attributes = attributes_of({.file = file, .path = path, .checked = checked}, object);
  if (description.kind == Description::Kind::dataset) {
    description.dataset = describe_dataset(file, path, std::move(object));
    description.dataset.handle = {};
  }
  return description;
}

std::vector<GroupLink> links_of(const OpenFile& file, const std::string& path) {
  const std::uint64_t group = file.address_of(path);
  std::vector<GroupLink> links;
  file.look(path, [&](structure::Objects& objects) {
    if (objects.kind_of(group) != structure::ObjectKind::group) throw structure::Damaged("it is no group");
    objects.visit_links(group, [&links](const structure::Link& link) {
      GroupLink& added = links.emplace_back(GroupLink{.name = std::string(link.name), .address = std::nullopt});
      if (link.kind == structure::Link::Kind::hard) added.address = link.address;
    });
    std::ranges::sort(links, {}, &GroupLink::name);
    if (std::ranges::adjacent_find(links, {}, &GroupLink::name) != links.end())
      throw structure::Damaged("it has two links of one name");
  });
  return links;
}

std::vector<std::string> link_names(const OpenFile& file, const std::string& path) {
  std::vector<GroupLink> links = links_of(file, path);
  std::vector<std::string> names;
  names.reserve(links.size());
  for (GroupLink& link : links) names.push_back(std::move(link.name));
  return names;
}

std::optional<std::uint64_t> ChildReader::object_of(const OpenFile& file, const GroupLink& link) const {
  return link.address ? link.address : file.find(path_ + "/" + link.name);
}

bool ChildReader::read_some(const OpenFile& file) {
  if (!links_) {
    links_ = links_of(file, path_);
    packed_.put(static_cast<std::uint32_t>(links_->size()));
  }
  const std::size_t end = std::min(next_ + children_a_step, links_->size());
  for (; next_ < end; next_++) {
    const GroupLink& link = (*links_)[next_];
    auto kind = Description::Kind::missing;
    std::uint64_t address = 0;
    try {
      const auto found = object_of(file, link);
      if (found) {
        kind = file.look(path_, [&](structure::Objects& objects) { return kind_of(objects.kind_of(*found)); });
        address = *found;
      }
    } catch (const FormatError&) {
      // A link out of the file, or to what is damaged.
      kind = Description::Kind::missing;
    }
    packed_.put(static_cast<std::uint8_t>(kind));
    packed_.put(static_cast<double>(address));
    packed_.put_text(link.name);
  }
  return next_ < links_->size();
}

}  // namespace spikeport::hdf5
