// Reads the links of groups, of all forms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "hdf5/structure/btree2.h"
#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/fractal_heap.h"
#include "hdf5/structure/object_header.h"
#include "hdf5/structure/superblock.h"
#include "hdf5/structure/symbol_table.h"

namespace spikeport::hdf5::structure {

/** Links take more bytes of a file than these. */
inline std::uint64_t least_bytes(const Link& link) {
  constexpr std::uint64_t besides_names = 8;
  return besides_names + link.name.size() + link.target.size();
}

/** A walk over the links of a group, which checks all that it looks at. */
class LinkWalk {
 public:
  /**
   * @param bytes, sizes outlive this
   * @param header of the group
   */
  LinkWalk(FileBytes& bytes, const BTreeSizes& sizes, ObjectHeader header)
      : bytes_(bytes), sizes_(sizes), header_(std::move(header)), visited_(bytes) {}
  LinkWalk(const LinkWalk&) = delete;
  LinkWalk& operator=(const LinkWalk&) = delete;
  ~LinkWalk() = default;

  /** Calls `visit` for about as many of the next links, and returns whether there may be more. */
  bool visit_some(std::size_t count, const LinkVisitor& visit);
  /** The `least_bytes` of all links so far. */
  [[nodiscard]] std::uint64_t visited_bytes() const { return visited_bytes_; }

 private:
  void begin(const Message& message, const LinkVisitor& visit);
  /** The next link of those that are not in the header; returns whether there was one. */
  bool visit_next(const LinkVisitor& visit);

  FileBytes& bytes_;
  const BTreeSizes& sizes_;
  ObjectHeader header_;
  std::size_t next_message_ = 0;
  bool has_table_ = false;
  bool has_info_ = false;
  /** The links, whose names and targets no two have in one place. */
  Seen visited_;
  std::uint64_t visited_bytes_ = 0;
  std::optional<SymbolTableWalk> symbols_;
  std::optional<FractalHeap> heap_;
  std::optional<BTree2Walk> by_name_;
};

/** Calls `visit` for each link of the group with this header. */
void visit_links(FileBytes& bytes, const BTreeSizes& sizes, ObjectHeader header, const LinkVisitor& visit);

}  // namespace spikeport::hdf5::structure
