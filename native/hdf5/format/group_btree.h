#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hdf5/format/encoder.h"
#include "hdf5/format/records.h"
#include "hdf5/format/symbol_table.h"

namespace spikeport::hdf5::format {

/** "Group Internal Node K" of the superblock: a node of the tree has room for twice as many children. */
constexpr std::uint16_t group_internal_k = 16;

/**
 * The nodes of "Disk Format: Level 1A1 - Version 1 B-trees" over the symbol table nodes of a group, level by level from
 * the leaves up. On each level all but the last are full.
 */
class GroupBTree : public Records {
 public:
  /** @param nodes, address where the symbol table nodes are, and where the tree goes */
  GroupBTree(const std::shared_ptr<const SymbolTableEntries>& entries, std::uint64_t nodes, std::uint64_t address);

  /** The address of the topmost node. */
  [[nodiscard]] std::uint64_t root() const { return address_of(levels_.back().first); }

 private:
  struct Level {
    /** The number of its first node. */
    std::uint64_t first;
    std::uint64_t count;
    /** The children of all its nodes, and how many symbol table nodes are below each but the last. */
    std::uint64_t children;
    std::uint64_t nodes_per_child;
  };

  GroupBTree(std::vector<Level> levels, std::shared_ptr<const SymbolTableEntries> entries, std::uint64_t nodes,
             std::uint64_t address);
  static std::vector<Level> levels_above(std::uint64_t nodes);

  void encode(std::uint64_t number, std::span<std::byte> node) const override;
  [[nodiscard]] std::uint64_t address_of(std::uint64_t number) const { return address_ + number * record_size(); }
  [[nodiscard]] std::uint64_t key_before(std::uint64_t node) const;

  std::vector<Level> levels_;
  std::shared_ptr<const SymbolTableEntries> entries_;
  std::uint64_t nodes_;
  std::uint64_t address_;
};

}  // namespace spikeport::hdf5::format
