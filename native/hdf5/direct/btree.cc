#include "hdf5/direct/btree.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spikeport::hdf5::direct {

BTree::BTree(const Kind& kind, std::uint64_t count, std::uint64_t address)
    : BTree(kind, levels_above(count, kind.children_per_node), address) {}

/** A node has a prefix, and a key before, between and behind the children, of which there can be fewer than it holds.
 */
BTree::BTree(const Kind& kind, std::vector<Level> levels, std::uint64_t address)
    : Records(24 + kind.key_size * (kind.children_per_node + 1) + 8 * kind.children_per_node, levels.back().first + 1),
      kind_(kind),
      levels_(std::move(levels)),
      address_(address) {}

std::vector<BTree::Level> BTree::levels_above(std::uint64_t count, std::uint64_t children_per_node) {
  std::vector<Level> levels;
  Level level{.first = 0, .count = 0, .children = count, .things_per_child = 1};
  do {
    // An empty group has a tree, too: of one node.
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

}  // namespace spikeport::hdf5::direct
