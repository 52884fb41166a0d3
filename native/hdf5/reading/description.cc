#include "hdf5/reading/description.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "engine/errors.h"
#include "hdf5/reading/texts.h"

namespace spikeport::hdf5 {
namespace {

/** The attributes of an object that are read in a step, by their weight. */
constexpr std::size_t most_weight = 500;

/** Longer numbers and texts of an attribute are packed. */
constexpr std::size_t most_plain_bytes = 4096;

/** How many links are read, and how often links are moved in sorting, between two chances to stop: about a
 * millisecond. */
constexpr std::size_t links_a_step = 1024;
constexpr std::size_t link_moves_a_step = 8192;

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

/** Texts and references: those of variable length past the library. */
void read_texts(OpenFile& file, const std::string& path, hid_t attribute, hid_t type, std::uint64_t count,
                structure::StoredAttribute& checked, AttributeValue& value) {
  if (count == 0) return;
  std::vector<std::byte> elements(count * value.type.size);
  if (!value.type.has_variable_length) {
    file.check(H5Aread(attribute, type, elements.data()), path, "read an attribute of it");
  } else if (checked.elements.size() == elements.size()) {
    elements = std::move(checked.elements);
  } else {
    file.refuse(path, "attribute '" + value.name + "' of it is damaged");
  }
  append_texts(file, path, elements, value.type, value.texts);
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

}  // namespace

std::size_t AttributeValue::weight() const {
  constexpr std::size_t bytes_a_microsecond = 1024;
  return 2 + texts.size() / 4 + (packed ? packed->size() / bytes_a_microsecond : 0);
}

std::size_t Description::weight() const {
  std::size_t weight = 2 + dataset.type.names.size() / 2;
  for (const AttributeValue& value : attributes) weight += value.weight();
  return weight;
}

AttributeValue AttributeReader::read(OpenFile& file, hid_t object, structure::StoredAttribute& checked) const {
  const char* doing = "read an attribute of it";
  const Handle attribute = file.check(H5Aopen(object, checked.name.c_str(), H5P_DEFAULT), H5Aclose, path_, doing);
  const Handle type = file.check(H5Aget_type(attribute.get()), H5Tclose, path_, doing);
  const Handle space = file.check(H5Aget_space(attribute.get()), H5Sclose, path_, doing);
  AttributeValue value;
  value.name = checked.name;
  value.type = type_in(file, type.get());
  value.is_null = H5Sget_simple_extent_type(space.get()) == H5S_NULL;
  if (value.is_null) return value;
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  const int rank = H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
  if (rank < 0) file.fail(path_, doing);
  value.shape.assign(sizes.begin(), sizes.begin() + rank);
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  // The elements of an attribute lie in the file as they are: there are no more than it has bytes.
  const std::uint64_t most = file.opened().size / std::max<std::size_t>(1, value.type.size);
  if (count < 0 || static_cast<std::uint64_t>(count) > most) {
    file.refuse(path_, "attribute '" + value.name + "' of it is longer than the file");
  }
  const auto elements = static_cast<std::uint64_t>(count);
  if (value.type.is_numeric()) {
    read_numbers(file, path_, attribute.get(), type.get(), elements, value);
  } else if (value.type.kind != StoredType::Kind::other) {
    read_texts(file, path_, attribute.get(), type.get(), elements, checked, value);
  }
  pack(value);
  return value;
}

std::vector<AttributeValue> AttributeReader::read_some(OpenFile& file) {
  return read_some(file, file.open(address_, path_));
}

/** One by one: the library crashes when it has begun a list of all, and then finds damage. */
std::vector<AttributeValue> AttributeReader::read_some(OpenFile& file, const Handle& object) {
  std::vector<AttributeValue> attributes;
  for (std::size_t weight = 0; !is_done() && weight < most_weight; next_++) {
    attributes.push_back(read(file, object.get(), checked_[next_]));
    weight += attributes.back().weight();
    // Many would take long to be freed at once.
    checked_[next_] = {};
  }
  return attributes;
}

Description describe(OpenFile& file, const std::string& path) {
  Description description;
  const auto address = file.find(path);
  if (!address) return description;
  description.address = *address;
  structure::CheckedObject checked;
  try {
    checked = file.check_object(*address, path);
  } catch (const FormatError& error) {
    // Nothing is read of a dataset that is damaged, and its siblings can be described.
    description.kind = file.look(path, [&](structure::Objects& objects) { return kind_of(objects.kind_of(*address)); });
    if (description.kind != Description::Kind::dataset) throw;
    description.dataset.path = path;
    description.dataset.problem = error.what();
    return description;
  }
  description.kind = kind_of(checked.kind);
  description.dataset.path = path;
  description.dataset.problem = OpenFile::problem_of(checked);
  if (!description.dataset.problem.empty()) return description;
  Handle object = file.open(*address, path);
  AttributeReader attributes(path, *address, std::move(checked.attributes));
  description.attributes = attributes.read_some(file, object);
  if (!attributes.is_done()) description.more = std::make_shared<AttributeReader>(std::move(attributes));
  if (description.kind == Description::Kind::dataset) {
    description.dataset = describe_dataset(file, path, std::move(object), checked);
    description.dataset.handle = {};
  }
  return description;
}

bool LinkReader::read_some(const OpenFile& file) {
  return file.look(path_, [&](structure::Objects& objects) {
    if (!walk_ && !sorting_) {
      if (objects.prepare(path_)) return true;
      walk_ = objects.walk_links(file.address_of(path_));
    }
    if (walk_) {
      const auto add = [this](const structure::Link& link) {
        GroupLink& added = links_.emplace_back(GroupLink{.name = std::string(link.name), .address = std::nullopt});
        if (link.kind == structure::Link::Kind::hard) added.address = link.address;
      };
      if (walk_->visit_some(links_a_step, add)) return true;
      walk_.reset();
      sorting_.emplace(std::move(links_), ByName());
    }
    if (sorting_->sort_some(link_moves_a_step)) return true;
    links_ = sorting_->take();
    if (std::ranges::adjacent_find(links_, {}, &GroupLink::name) != links_.end())
      throw structure::Damaged("it has two links of one name");
    return false;
  });
}

bool ChildReader::read_some(const OpenFile& file) {
  if (!links_) {
    if (reader_.read_some(file)) return true;
    links_ = reader_.take();
    packed_.put(static_cast<std::uint32_t>(links_->size()));
  }
  const std::size_t end = std::min(next_ + children_a_step, links_->size());
  for (; next_ < end; next_++) {
    GroupLink& link = (*links_)[next_];
    auto kind = Description::Kind::missing;
    std::uint64_t address = 0;
    try {
      const std::string path = link.address ? std::string() : path_ + "/" + link.name;
      if (!link.address && file.prepare(path)) return true;
      const auto found = link.address ? link.address : file.find(path);
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
    // Millions would take long to be freed at once.
    std::string().swap(link.name);
  }
  return next_ < links_->size();
}

}  // namespace spikeport::hdf5
