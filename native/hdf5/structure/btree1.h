// B-trees of version 1 (III.A.1 of the format's specification).
#pragma once

#include <cstdint>
#include <functional>

#include "hdf5/structure/file_bytes.h"

namespace spikeport::hdf5::structure {

/** What the nodes of a tree have. */
struct BTree1 {
  enum class Kind : std::uint8_t { group = 0, chunks = 1 };

  Kind kind;
  /** What errors call it, such as "its B-tree". */
  const char* name;
  std::uint64_t most_children;
  std::uint64_t key_bytes;
};

using KeyVisitor = std::function<void(Cursor key)>;
using LeafVisitor = std::function<void(Cursor key, std::uint64_t child)>;

/**
 * Walks over a tree, and checks it.
 * @param seen counts its nodes
 * @param visit_key called for each key of a node, also for the one behind its last child
 * @param visit_leaf called for each child of a leaf, with the key in front of it, which `visit_key` has had
 */
void visit_btree1(FileBytes& bytes, std::uint64_t address, const BTree1& tree, Seen& seen, const KeyVisitor& visit_key,
                  const LeafVisitor& visit_leaf);

}  // namespace spikeport::hdf5::structure
