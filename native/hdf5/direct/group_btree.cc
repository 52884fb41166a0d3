#include "hdf5/direct/group_btree.h"

#include <algorithm>

namespace spikeport::hdf5::direct {

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
