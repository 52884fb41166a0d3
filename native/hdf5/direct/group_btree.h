#pragma once

#include <cstdint>
#include <memory>

#include "hdf5/direct/btree.h"
#include "hdf5/direct/encoder.h"
#include "hdf5/direct/symbol_table.h"

namespace spikeport::hdf5::direct {

/** "Group Internal Node K" of the superblock: a node of the tree has room for twice as many children. */
constexpr std::uint16_t group_internal_k = 16;

/** The B-tree over the symbol table nodes of a group. */
class GroupBTree : public BTree {
 public:
  /** @param nodes, address where the symbol table nodes are, and where the tree goes */
  GroupBTree(const std::shared_ptr<const SymbolTableEntries>& entries, std::uint64_t nodes, std::uint64_t address);

 private:
  void encode_key(std::uint64_t node, Encoder& out) const override;
  [[nodiscard]] std::uint64_t address_of_thing(std::uint64_t node) const override {
    return nodes_ + node * SymbolTableNodes::node_size;
  }

  std::shared_ptr<const SymbolTableEntries> entries_;
  std::uint64_t nodes_;
};

}  // namespace spikeport::hdf5::direct
