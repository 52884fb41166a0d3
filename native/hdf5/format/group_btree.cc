#include "hdf5/format/group_btree.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spikeport::hdf5::format {
namespace {

constexpr std::uint64_t children_per_node = std::uint64_t{2} * group_internal_k;
/** A prefix, and a key before, between and behind the children. */
constexpr std::uint64_t node_size = 24 + 8 * (children_per_node + 1) + 8 * children_per_node;

}  // namespace

GroupBTree::GroupBTree(const std::shared_ptr<const SymbolTableEntries>& entries, std::uint64_t nodes,
                       std::uint64_t address)
    : GroupBTree(levels_above(SymbolTableNodes::count_for(entries->count())), entries, nodes, address) {}

GroupBTree::GroupBTree(std::vector<Level> levels, std::shared_ptr<const SymbolTableEntries> entries,
                       std::uint64_t nodes, std::uint64_t address)
    : Records(node_size, levels.back().first + 1),
      levels_(std::move(levels)),
      entries_(std::move(entries)),
      nodes_(nodes),
      address_(address) {}

std::vector<GroupBTree::Level> GroupBTree::levels_above(std::uint64_t nodes) {
  std::vector<Level> levels;
  Level level{.first = 0, .count = 0, .children = nodes, .nodes_per_child = 1};
  do {
    // An empty group has a tree, too: of one node.
    level.count = std::max<std::uint64_t>(1, (level.children + children_per_node - 1) / children_per_node);
    levels.push_back(level);
    level.first += level.count;
    level.children = level.count;
    level.nodes_per_child *= children_per_node;
  } while (level.children > 1);
  return levels;
}

void GroupBTree::encode(std::uint64_t number, std::span<std::byte> node) const {
  const auto above = std::ranges::upper_bound(levels_, number, {}, &Level::first);
  const auto level = std::prev(above);
  const std::uint64_t place = number - level->first;
  const std::uint64_t first = place * children_per_node;
  const std::uint64_t end = std::min(first + children_per_node, level->children);
  const bool is_leaf = level == levels_.begin();

  Encoder out(node);
  out.text("TREE");
  out.u8(0);  // of a group
  out.u8(static_cast<std::uint8_t>(level - levels_.begin()));
  out.u16(static_cast<std::uint16_t>(end - first));
  out.u64(place == 0 ? undefined_address : address_of(number - 1));
  out.u64(place + 1 == level->count ? undefined_address : address_of(number + 1));
  out.u64(key_before(first * level->nodes_per_child));
  for (std::uint64_t child = first; child < end; child++) {
    out.u64(is_leaf ? nodes_ + child * SymbolTableNodes::node_size : address_of(std::prev(level)->first + child));
    out.u64(key_before((child + 1) * level->nodes_per_child));
  }
}

/** The heap's offset of the last name before a symbol table node: the empty one's before the first. */
std::uint64_t GroupBTree::key_before(std::uint64_t node) const {
  const std::uint64_t entries_before = std::min(node * SymbolTableNodes::entries_per_node, entries_->count());
  if (entries_before == 0) return 0;
  SymbolTableEntry last;
  entries_->read(entries_before - 1, {&last, 1});
  return last.name_offset;
}

}  // namespace spikeport::hdf5::format
