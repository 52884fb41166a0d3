// Groups as files have them that are made for all versions of the library: a B-tree of symbol tables, and a local heap
// with names (III.A.1, III.B and III.D of the format's specification).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "hdf5/structure/btree1.h"
#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/messages.h"
#include "hdf5/structure/superblock.h"

namespace spikeport::hdf5::structure {

using LinkVisitor = std::function<void(const Link&)>;

/** A heap of texts, all of it in memory. */
class LocalHeap {
 public:
  LocalHeap(FileBytes& bytes, std::uint64_t address);
  /** The text at an offset, up to its NUL. No two texts share bytes: all together are no longer than the heap. */
  std::string_view take(std::uint64_t offset);
  /** Whether there is a text at an offset. */
  [[nodiscard]] bool has(std::uint64_t offset) const { return offset < end_; }

 private:
  void check_free_list(std::uint64_t offset, const Widths& widths) const;

  std::vector<std::byte> data_;
  /** Where the last text ends, after its NUL. */
  std::uint64_t end_ = 0;
  /** The bytes that texts may still have. */
  std::uint64_t left_ = 0;
};

/** A walk over the links of a group, which checks all that it looks at. */
class SymbolTableWalk {
 public:
  /** @param bytes, sizes outlive this */
  SymbolTableWalk(FileBytes& bytes, const BTreeSizes& sizes, const SymbolTable& table);
  SymbolTableWalk(const SymbolTableWalk&) = delete;
  SymbolTableWalk& operator=(const SymbolTableWalk&) = delete;
  ~SymbolTableWalk() = default;

  /** Calls `visit` for the links of the next leaf; returns whether there was one. */
  bool visit_some(const LinkVisitor& visit);

 private:
  FileBytes& bytes_;
  const BTreeSizes& sizes_;
  LocalHeap heap_;
  /** No node of the tree overlaps a leaf. */
  Seen seen_;
  BTree1Walk tree_;
};

/** Calls `visit` for each link. */
void visit_symbol_table(FileBytes& bytes, const BTreeSizes& sizes, const SymbolTable& table, const LinkVisitor& visit);

}  // namespace spikeport::hdf5::structure
