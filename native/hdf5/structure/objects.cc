#include "hdf5/structure/objects.h"

#include <algorithm>
#include <utility>

#include "hdf5/model/object_path.h"
#include "hdf5/structure/chunk_index.h"
#include "hdf5/structure/dataset_messages.h"

namespace spikeport::hdf5::structure {
namespace {

/** The format numbers the attributes of an object with 16 bits (IV.A.2.v). */
constexpr std::size_t most_attributes = std::size_t{1} << 16U;

/** The most soft links on the way to an object: more are a circle. */
constexpr unsigned most_soft_links = 16;

}  // namespace

Objects::Objects(const platform::InputFile& file, std::uint64_t size)
    : bytes_(file, size), heap_(bytes_), indexed_(bytes_) {
  const auto superblock = read_superblock(bytes_);
  if (!superblock) return;
  superblock_ = *superblock;
  check_extension();
  check(superblock_.root);
  require(begin_index(superblock_.root), "its root is no group");
}

bool Objects::check_some() {
  if (indexing_ && index_some()) return true;
  const auto remembered = superblock_.root_table;
  if (!remembered || *remembered == root_table()) return false;
  visit_symbol_table(bytes_, superblock_.sizes, *remembered, [](const Link& /*link*/) {});
  return false;
}

void Objects::check_extension() {
  if (superblock_.extension == undefined) return;
  const ObjectHeader header = read_header(bytes_, superblock_.extension);
  for (const Message& message : header.messages) {
    Cursor cursor(message.bytes, bytes_.widths());
    check_other(message.type, cursor);
    if (message.type != MessageType::btree_sizes) continue;
    Cursor sizes(message.bytes, bytes_.widths());
    sizes.skip(1);
    superblock_.sizes.chunk = sizes.two();
    superblock_.sizes.group = sizes.two();
    superblock_.sizes.group_leaf = sizes.two();
  }
}

SymbolTable Objects::root_table() {
  const ObjectHeader header = read_header(bytes_, superblock_.root);
  const auto found = std::ranges::find(header.messages, MessageType::symbol_table, &Message::type);
  if (found == header.messages.end()) return {};
  Cursor table(found->bytes, bytes_.widths());
  const std::uint64_t btree = table.address();
  return {.btree = btree, .heap = table.address()};
}

ObjectKind Objects::kind_of(const ObjectHeader& header) {
  const auto has = [&header](MessageType type) {
    return std::ranges::find(header.messages, type, &Message::type) != header.messages.end();
  };
  if (has(MessageType::symbol_table) || has(MessageType::link_info)) return ObjectKind::group;
  require(has(MessageType::datatype), "it is no object of a kind that is known");
  return has(MessageType::dataspace) ? ObjectKind::dataset : ObjectKind::datatype;
}

CheckedObject Objects::check(std::uint64_t address) {
  const ObjectHeader header = read_header(bytes_, address);
  CheckedObject object;
  object.kind = kind_of(header);
  const DatasetMessages found = read_dataset_messages(bytes_, header);
  visit_attributes(bytes_, header, [&object](StoredAttribute&& attribute) {
    require(object.attributes.size() < most_attributes, "it has too many attributes");
    if (!attribute.type.is_variable_text) attribute.elements = {};
    object.attributes.push_back(std::move(attribute));
  });
  if (object.kind != ObjectKind::dataset) return object;
  require(found.has_layout, "it has no layout");
  object.is_virtual = found.layout.type == Layout::Class::elsewhere;
  object.compact.assign(found.layout.compact.begin(), found.layout.compact.end());
  const auto fill = found.fill.value_or(found.old_fill);
  object.fill.assign(fill.begin(), fill.end());
  object.is_fill_in_heap = check_fill(found.type, object.fill);
  object.layout = found.layout;
  object.layout.compact = {};
  object.shape = found.space.shape;
  object.most_shape = found.space.most;
  object.has_filters = found.filters.count > 0;
  const bool is_plain = found.layout.type == Layout::Class::contiguous && found.layout.address != undefined &&
                        found.space.count && found.layout.contiguous_bytes / found.type.size >= *found.space.count &&
                        !found.is_external && !object.is_fill_in_heap;
  if (is_plain) object.plain_type.assign(reinterpret_cast<const char*>(found.own_type.data()), found.own_type.size());
  if (found.layout.type != Layout::Class::chunked) return object;
  const auto& chunk = found.layout.chunk;
  require(chunk.size() == found.space.rank + 1 && chunk.back() == found.type.size,
          "its chunks are of another shape than it");
  require(!found.filters.is_szip_damaged, "its filter szip has impossible numbers");
  auto checked = checked_chunks_.find(address);
  if (checked == checked_chunks_.end()) {
    const auto stored =
        check_chunk_index(bytes_, superblock_.sizes, found.layout, found.space, found.filters.count > 0);
    checked = checked_chunks_.emplace(address, stored).first;
  }
  object.stored_bytes = checked->second;
  return object;
}

bool Objects::check_fill(const Datatype& type, const std::vector<std::byte>& fill) {
  if (fill.empty()) return false;
  require(fill.size() >= type.size, "its fill value is shorter than an element");
  if (!type.is_in_heap || std::ranges::all_of(fill, [](std::byte byte) { return byte == std::byte{0}; })) return false;
  if (!type.is_variable_text) return true;
  Cursor cursor(fill, bytes_.widths());
  const HeapReference reference = read_heap_reference(cursor);
  require(heap_.has_exactly(reference, reference.length), "its fill value is damaged");
  return false;
}

std::unique_ptr<ChunkPlaceReader> Objects::chunk_places(const CheckedObject& dataset) {
  return std::make_unique<ChunkPlaceReader>(bytes_, superblock_.sizes,
                                            ChunkedData{.layout = dataset.layout,
                                                        .shape = dataset.shape,
                                                        .most = dataset.most_shape,
                                                        .has_filters = dataset.has_filters});
}

std::unique_ptr<LinkWalk> Objects::walk_links(std::uint64_t group) {
  ObjectHeader header = read_header(bytes_, group);
  require(kind_of(header) == ObjectKind::group, "it is no group");
  return std::make_unique<LinkWalk>(bytes_, superblock_.sizes, std::move(header));
}

void Objects::require_sound(std::uint64_t group) const {
  const auto broken = broken_.find(group);
  if (broken != broken_.end()) throw Damaged(broken->second);
}

bool Objects::begin_index(std::uint64_t group) {
  require_sound(group);
  if (indexing_ && indexing_->group() == group) return true;
  ObjectHeader header = read_header(bytes_, group);
  if (kind_of(header) != ObjectKind::group) return false;
  indexing_ = std::make_unique<GroupIndexing>(bytes_, superblock_.sizes, group, std::move(header));
  return true;
}

bool Objects::index_some() {
  // What the system fails to read is begun anew.
  auto reading = std::exchange(indexing_, nullptr);
  try {
    if (reading->read_some()) {
      indexing_ = std::move(reading);
      return true;
    }
    indexed_.add(reading->visited_bytes());
    groups_.emplace(reading->group(), reading->take());
  } catch (const Damaged& damage) {
    // Another job may have begun it: the error is for the paths that lead through the group.
    broken_.emplace(reading->group(), damage.what());
  }
  return false;
}

bool Objects::prepare(std::string_view path) {
  if (indexing_ && index_some()) return true;
  unsigned soft_links = 0;
  return follow(superblock_.root, path, soft_links, false).way == Found::Way::unread;
}

Found Objects::find(std::string_view path) {
  unsigned soft_links = 0;
  return follow(superblock_.root, path, soft_links, true);
}

Found Objects::follow(std::uint64_t group, std::string_view path, unsigned& soft_links, bool may_read) {
  std::uint64_t at = group;
  for (const std::string_view name : steps_in(path)) {
    auto known = groups_.find(at);
    if (known == groups_.end()) {
      if (!begin_index(at)) return {.way = Found::Way::nothing};
      if (!may_read) return {.way = Found::Way::unread};
      while (index_some()) continue;
      require_sound(at);
      known = groups_.find(at);
    }
    const GroupIndex& index = known->second;
    const IndexedLink* link = index.find(name);
    if (link == nullptr) return {.way = Found::Way::nothing};
    switch (link->kind) {
      case Link::Kind::hard:
        at = link->to;
        break;
      case Link::Kind::elsewhere:
        return {.way = Found::Way::elsewhere};
      case Link::Kind::soft: {
        if (++soft_links > most_soft_links) return {.way = Found::Way::circle};
        const std::string& target = index.targets[link->to];
        const Found found = follow(target.starts_with('/') ? superblock_.root : at, target, soft_links, may_read);
        if (found.way != Found::Way::object) return found;
        at = found.address;
      }
    }
  }
  return {.way = Found::Way::object, .address = at};
}

void Objects::walk_tree() {
  std::vector<std::uint64_t> objects{superblock_.root};
  tree_.emplace(superblock_.root, Named{.parent = undefined, .name = {}});
  // Groups may share their links only where a file is damaged.
  Seen seen(bytes_);
  for (std::size_t next = 0; next < objects.size(); next++) {
    const std::uint64_t parent = objects[next];
    try {
      const ObjectHeader header = read_header(bytes_, parent);
      if (kind_of(header) != ObjectKind::group) continue;
      visit_links(bytes_, superblock_.sizes, header, [&](const Link& link) {
        seen.add(least_bytes(link));
        if (link.kind != Link::Kind::hard) return;
        const bool is_new = tree_.emplace(link.address, Named{.parent = parent, .name = std::string(link.name)}).second;
        if (is_new) objects.push_back(link.address);
      });
    } catch (const Damaged&) {
      // What is damaged leads nowhere.
      continue;
    }
  }
}

std::optional<std::string> Objects::path_of(std::uint64_t address) {
  if (tree_.empty()) walk_tree();
  std::vector<std::string_view> names;
  for (auto found = tree_.find(address); found != tree_.end(); found = tree_.find(found->second.parent)) {
    if (found->second.parent == undefined) {
      std::reverse(names.begin(), names.end());
      std::string path;
      for (const std::string_view name : names) path.append("/").append(name);
      return path.empty() ? "/" : path;
    }
    names.push_back(found->second.name);
  }
  return std::nullopt;
}

}  // namespace spikeport::hdf5::structure
