// Reads the superblock: where an HDF5 file begins (II of the format's specification).
#pragma once

#include <cstdint>
#include <optional>

#include "hdf5/structure/file_bytes.h"

namespace spikeport::hdf5::structure {

/** A group as old files have it: by a B-tree, and a heap of names. */
struct SymbolTable {
  std::uint64_t btree = undefined;
  std::uint64_t heap = undefined;

  bool operator==(const SymbolTable&) const = default;
};

/** The children that nodes of B-trees have at most are twice these numbers. */
struct BTreeSizes {
  std::uint64_t group_leaf = 4;
  std::uint64_t group = 16;
  std::uint64_t chunk = 32;
};

struct Superblock {
  std::uint64_t root = undefined;
  /** The header of more about the file, where it has one. */
  std::uint64_t extension = undefined;
  /** What an old file remembers of its root group. */
  std::optional<SymbolTable> root_table;
  BTreeSizes sizes;
};

/** Finds and reads the superblock, and has addresses begin there. None where the library refuses the file by itself: it
 * is no HDF5 file, or cut off. */
std::optional<Superblock> read_superblock(FileBytes& bytes);

}  // namespace spikeport::hdf5::structure
