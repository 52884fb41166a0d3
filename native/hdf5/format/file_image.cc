#include "hdf5/format/file_image.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "hdf5/alignment.h"
#include "hdf5/format/encoded.h"
#include "hdf5/format/encoder.h"
#include "hdf5/format/group_btree.h"
#include "hdf5/format/local_heap.h"
#include "hdf5/format/object_header.h"
#include "hdf5/format/object_path.h"
#include "hdf5/format/superblock.h"
#include "hdf5/format/unit_group.h"

namespace spikeport::hdf5::format {

FileImage::FileImage(const Plan& plan) {
  const auto superblock = std::make_shared<Encoded>(std::vector<std::byte>(superblock_size));
  place(superblock);
  std::vector<Placed> objects;
  for (const Object& object : plan.objects) {
    const auto place_object = [&](const auto& of) {
      if constexpr (requires { of.column; }) objects.push_back({names_in(of.path), &object, place_data(*of.column)});
    };
    std::visit(place_object, object);
  }
  std::ranges::sort(objects, {}, &Placed::names);
  const SymbolTableEntry root = add_group(objects, 0, plan.attributes);
  encode_superblock(root, end_, superblock->bytes());
}

/** Gives a column the next bytes of the file. @return their address */
std::uint64_t FileImage::place(const Column& column) {
  const std::uint64_t address = end_;
  if (column.size() > 0) extents_.push_back({&column, 0, column.size(), address});
  end_ += column.byte_size();
  return address;
}

std::uint64_t FileImage::place(std::shared_ptr<const Column> metadata) {
  pad(metadata_alignment);
  metadata_.push_back(std::move(metadata));
  return place(*metadata_.back());
}

std::uint64_t FileImage::place_data(const Column& column) {
  pad(column.byte_size() < aligned_from ? metadata_alignment : page);
  return place(column);
}

/** Fills the file with zeros up to a multiple of this, so that it has no gap: what lies together is written at once. */
void FileImage::pad(std::uint64_t alignment) {
  const std::uint64_t padding = (alignment - end_ % alignment) % alignment;
  if (padding == 0) return;
  metadata_.push_back(std::make_shared<Encoded>(std::vector<std::byte>(padding)));
  place(*metadata_.back());
}

std::uint64_t FileImage::add_header(std::span<const Message> messages) {
  std::vector<std::byte> header(object_header_size(messages));
  encode_object_header(messages, header);
  return place(std::make_shared<Encoded>(std::move(header)));
}

/** Adds the group that the first `depth` names of all these objects lead to, and whatever is in it. */
SymbolTableEntry FileImage::add_group(std::span<const Placed> members, std::size_t depth,
                                      std::span<const Attribute> attributes) {
  const auto entries = std::make_shared<EntryList>();
  NameHeap names;
  while (!members.empty()) {
    const std::string_view name = members.front().names[depth];
    const auto other = std::ranges::find_if(members, [&](const Placed& member) { return member.names[depth] != name; });
    const auto same = members.first(static_cast<std::size_t>(other - members.begin()));
    SymbolTableEntry entry =
        same.front().names.size() > depth + 1 ? add_group(same, depth + 1, {}) : add_object(same.front());
    entry.name_offset = names.add(name);
    entries->add(entry);
    members = members.subspan(same.size());
  }
  return add_group(entries, std::make_shared<Encoded>(names.take()), attributes);
}

/** Adds a group of objects that are there; `names` is the data segment of its heap. */
SymbolTableEntry FileImage::add_group(const std::shared_ptr<const SymbolTableEntries>& entries,
                                      const std::shared_ptr<const Column>& names,
                                      std::span<const Attribute> attributes) {
  const std::uint64_t nodes = place(std::make_shared<SymbolTableNodes>(entries));
  const auto btree = std::make_shared<GroupBTree>(entries, nodes, end_);
  place(btree);
  std::vector<std::byte> heap(local_heap_header_size);
  encode_local_heap_header(names->byte_size(), end_ + heap.size(), heap);
  const SymbolTable table{.btree = btree->root(), .heap = place(std::make_shared<Encoded>(std::move(heap)))};
  place(names);
  const Message message = table;
  return {.object_header = add_header(with_attributes({&message, 1}, attributes)), .group = table};
}

SymbolTableEntry FileImage::add_object(const Placed& object) {
  return std::visit(
      [&](const auto& of) -> SymbolTableEntry {
        if constexpr (requires { of.column; }) return add(of, object.data);
        return {};
      },
      *object.object);
}

SymbolTableEntry FileImage::add(const Dataset& dataset, std::uint64_t data) {
  const Column& column = *dataset.column;
  const auto messages = dataset_messages(column.type(), column.shape(), data);
  return {.object_header = add_header(with_attributes(messages, dataset.attributes))};
}

SymbolTableEntry FileImage::add(const UnitDatasets& units, std::uint64_t data) {
  const std::uint64_t count = units.column->trains().unit_count();
  const auto headers = std::make_shared<UnitHeaders>(units.column, data);
  const auto names = std::make_shared<UnitNames>(count);
  const auto entries = std::make_shared<UnitEntries>(count, names, place(headers), headers->record_size());
  return add_group(entries, names, {});
}

}  // namespace spikeport::hdf5::format
