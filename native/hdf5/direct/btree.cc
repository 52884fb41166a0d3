#include "hdf5/direct/btree.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sources/source.h"

namespace spikeport::hdf5::direct {
namespace {

/** "Indexed Storage Internal Node K" has a fixed value in superblocks of version 0: a node has twice as many. */
constexpr std::uint64_t chunks_per_node = std::uint64_t{2} * 32;

}  // namespace

/** A key is a chunk's size and filter mask, and where it begins along each axis and within an element. */
BTree::Kind BTree::chunk_nodes(std::size_t axes) {
  return {.node_type = 1, .children_per_node = chunks_per_node, .key_size = 8 + 8 * (axes + 1)};
}

/** A node has a prefix, and room for a key before, between and after as many children as it can hold. */
std::uint64_t BTree::node_size(const Kind& kind) {
  return 24 + kind.key_size * (kind.children_per_node + 1) + 8 * kind.children_per_node;
}

std::uint64_t BTree::byte_size_of(const Kind& kind, std::uint64_t count) {
  return (levels_above(count, kind.children_per_node).back().first + 1) * node_size(kind);
}

void BTree::encode_chunk_key(std::span<const std::uint64_t> corner, std::uint32_t size, Encoder& out) {
  out.u32(size);
  out.u32(0);  // skipped filters
  for (const std::uint64_t begin : corner) out.u64(begin);
  out.u64(0);  // in the element
}

void BTree::encode_end_key(std::span<const std::uint64_t> corner, std::span<const std::uint64_t> chunk,
                           std::uint64_t element_size, Encoder& out) {
  out.u32(0);
  out.u32(0);
  for (std::size_t axis = 0; axis < corner.size(); axis++) out.u64(corner[axis] + chunk[axis]);
  out.u64(element_size);
}

BTree::BTree(const Kind& kind, std::uint64_t count, std::uint64_t address)
    : BTree(kind, levels_above(count, kind.children_per_node), address) {}

BTree::BTree(const Kind& kind, std::vector<Level> levels, std::uint64_t address)
    : GeneratedRecords(node_size(kind), levels.back().first + 1),
      kind_(kind),
      levels_(std::move(levels)),
      address_(address) {}

std::vector<BTree::Level> BTree::levels_above(std::uint64_t count, std::uint64_t children_per_node) {
  std::vector<Level> levels;
  Level level{.first = 0, .count = 0, .children = count, .things_per_child = 1};
  do {
    // An empty group has a tree of one node.
    level.count = std::max<std::uint64_t>(1, (level.children + children_per_node - 1) / children_per_node);
    levels.push_back(level);
    level.first += level.count;
    level.children = level.count;
    level.things_per_child *= children_per_node;
  } while (level.children > 1);
  return levels;
}

void BTree::encode(std::uint64_t number, std::span<std::byte> node) const {
  const auto above = std::ranges::upper_bound(levels_, number, {}, &Level::first);
  const auto level = std::prev(above);
  const std::uint64_t place = number - level->first;
  const std::uint64_t first = place * kind_.children_per_node;
  const std::uint64_t end = std::min(first + kind_.children_per_node, level->children);
  const bool is_leaf = level == levels_.begin();
  const std::uint64_t things = levels_.front().children;

  Encoder out(node);
  out.text("TREE");
  out.u8(kind_.node_type);
  out.u8(static_cast<std::uint8_t>(level - levels_.begin()));
  out.u16(static_cast<std::uint16_t>(end - first));
  out.u64(place == 0 ? undefined_address : address_of(number - 1));
  out.u64(place + 1 == level->count ? undefined_address : address_of(number + 1));
  encode_key(std::min(first * level->things_per_child, things), out);
  for (std::uint64_t child = first; child < end; child++) {
    out.u64(is_leaf ? address_of_thing(child) : address_of(std::prev(level)->first + child));
    encode_key(std::min((child + 1) * level->things_per_child, things), out);
  }
}

std::uint64_t StoredChunks::bytes_each() const { return element_count(shape) * element_size; }

ChunkBTree::ChunkBTree(StoredChunks chunks, std::uint64_t address)
    : BTree(chunk_nodes(chunks.shape.size()), chunks.count, address), chunks_(std::move(chunks)) {}

/** Following the last chunk comes the key that the library puts there: one more chunk along every axis. */
void ChunkBTree::encode_key(std::uint64_t chunk, Encoder& out) const {
  const bool is_chunk = chunk < chunks_.count;
  out.u32(is_chunk ? static_cast<std::uint32_t>(chunks_.bytes_each()) : 0);
  out.u32(0);  // skipped filters
  out.u64(chunk * chunks_.shape[0]);
  for (const std::uint64_t length : std::span(chunks_.shape).subspan(1)) out.u64(is_chunk ? 0 : length);
  out.u64(is_chunk ? 0 : chunks_.element_size);
}

void SymbolTableEntry::encode(Encoder& out) const {
  constexpr std::size_t scratch_pad_size = 16;
  constexpr std::uint32_t nothing_cached = 0;
  constexpr std::uint32_t symbol_table_cached = 1;
  constexpr std::uint32_t link_cached = 2;
  out.u64(name_offset);
  out.u64(object_header);
  if (group) {
    out.u32(symbol_table_cached);
    out.skip(4);
    group->encode(out);
  } else if (link) {
    out.u32(link_cached);
    out.skip(4);
    out.u32(static_cast<std::uint32_t>(*link));
    out.skip(scratch_pad_size - sizeof(std::uint32_t));
  } else {
    out.u32(nothing_cached);
    out.skip(4 + scratch_pad_size);
  }
}

void EntryList::read(std::uint64_t first, std::span<SymbolTableEntry> entries) const {
  std::ranges::copy(std::span(entries_).subspan(first, entries.size()), entries.begin());
}

SymbolTableNodes::SymbolTableNodes(std::shared_ptr<const SymbolTableEntries> entries)
    : GeneratedRecords(node_size, count_for(entries->count())), entries_(std::move(entries)) {}

void SymbolTableNodes::encode(std::uint64_t number, std::span<std::byte> node) const {
  const std::uint64_t first = number * entries_per_node;
  std::array<SymbolTableEntry, entries_per_node> room;
  const auto entries = std::span(room).first(std::min(entries_per_node, entries_->count() - first));
  entries_->read(first, entries);
  Encoder out(node);
  out.text("SNOD");
  out.u8(1);  // version
  out.skip(1);
  out.u16(static_cast<std::uint16_t>(entries.size()));
  for (const SymbolTableEntry& entry : entries) entry.encode(out);
}

GroupBTree::GroupBTree(const std::shared_ptr<const SymbolTableEntries>& entries, std::uint64_t nodes,
                       std::uint64_t address)
    : BTree({.node_type = 0, .children_per_node = std::uint64_t{2} * group_internal_k, .key_size = 8},
            SymbolTableNodes::count_for(entries->count()), address),
      entries_(entries),
      nodes_(nodes) {}

/** The heap's offset of the last name before a symbol table node: the empty one's before the first. */
void GroupBTree::encode_key(std::uint64_t node, Encoder& out) const {
  const std::uint64_t entries_before = std::min(node * SymbolTableNodes::entries_per_node, entries_->count());
  if (entries_before == 0) return out.u64(0);
  SymbolTableEntry last;
  entries_->read(entries_before - 1, {&last, 1});
  out.u64(last.name_offset);
}

}  // namespace spikeport::hdf5::direct
