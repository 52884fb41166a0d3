#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hdf5/direct/encoder.h"
#include "hdf5/direct/records.h"

namespace spikeport::hdf5::direct {

/**
 * The nodes of "Disk Format: Level 1A1 - Version 1 B-trees" over things of one kind, level by level from the leaves up.
 * On each level all but the last are full.
 */
class BTree : public Records {
 public:
  /** The address of the topmost node. */
  [[nodiscard]] std::uint64_t root() const { return address_of(levels_.back().first); }

 protected:
  struct Kind {
    std::uint8_t node_type;
    std::uint64_t children_per_node;
    std::uint64_t key_size;
  };

  /** @param count, address how many things there are, and where the tree goes */
  BTree(const Kind& kind, std::uint64_t count, std::uint64_t address);

 private:
  struct Level {
    /** The number of its first node. */
    std::uint64_t first;
    std::uint64_t count;
    /** The children of all its nodes, and how many things are below each but the last. */
    std::uint64_t children;
    std::uint64_t things_per_child;
  };

  BTree(const Kind& kind, std::vector<Level> levels, std::uint64_t address);
  static std::vector<Level> levels_above(std::uint64_t count, std::uint64_t children_per_node);

  /** Writes the key before a thing, or, for their count, the one following the last. */
  virtual void encode_key(std::uint64_t thing, Encoder& out) const = 0;
  [[nodiscard]] virtual std::uint64_t address_of_thing(std::uint64_t thing) const = 0;

  void encode(std::uint64_t number, std::span<std::byte> node) const final;
  [[nodiscard]] std::uint64_t address_of(std::uint64_t number) const { return address_ + number * record_size(); }

  Kind kind_;
  std::vector<Level> levels_;
  std::uint64_t address_;
};

}  // namespace spikeport::hdf5::direct
