// B-trees of version 1 (III.A.1 of the format's specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

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

/** A walk over the children of a tree's leaves, which checks the tree. */
class BTree1Walk {
 public:
  /** A child of a leaf, with the key in front of it. */
  struct Child {
    Cursor key;
    std::uint64_t address;
  };

  /**
   * @param bytes outlives this
   * @param seen counts the tree's nodes; outlives this
   * @param visit_key called for each key of a node, also for the one behind its last child
   */
  BTree1Walk(FileBytes& bytes, std::uint64_t address, const BTree1& tree, Seen& seen, KeyVisitor visit_key);

  /** The next child, whose key stays until the next call; none at the end. */
  std::optional<Child> next();

 private:
  /** A node on the way to the current child. */
  struct Node {
    std::vector<std::byte> bytes;
    Cursor rest;
    unsigned level;
    unsigned children_left;
    bool has_last_key;
  };

  void enter(std::uint64_t address, std::optional<unsigned> level);
  void require_of_node(bool condition, const char* problem) const;

  FileBytes& bytes_;
  BTree1 tree_;
  Seen& seen_;
  KeyVisitor visit_key_;
  std::vector<Node> nodes_;
};

}  // namespace spikeport::hdf5::structure
