// B-trees of version 2 (III.A.2 of the format's specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "hdf5/structure/file_bytes.h"

namespace spikeport::hdf5::structure {

/** Kinds of records. */
enum class RecordType : std::uint8_t {
  huge = 1,
  link_name = 5,
  link_order = 6,
  attribute_name = 8,
  attribute_order = 9,
  chunk = 10,
  filtered_chunk = 11,
};

/** A walk over the records of a tree, which checks the tree. */
class BTree2Walk {
 public:
  /**
   * @param bytes outlives this
   * @param record_bytes what a record of the kind has
   */
  BTree2Walk(FileBytes& bytes, std::uint64_t address, RecordType type, std::uint64_t record_bytes);

  /** The next record, whose bytes stay until the next call; none at the end. */
  std::optional<Cursor> next();

 private:
  /** What the nodes of a level can have. */
  struct Level {
    std::uint64_t most;
    /** With the nodes below. */
    std::uint64_t most_in_all;
    std::size_t total_width;
  };
  /** A node on the way to the current record. */
  struct Node {
    std::vector<std::byte> bytes;
    /** What is left of its records, and then of its children. */
    Cursor rest;
    std::size_t level;
    std::uint64_t records_left;
    std::uint64_t children_left;
    /** The records of the node and of those below, as they are said to be and as far as they were visited. */
    std::uint64_t total;
    std::uint64_t found;
  };

  void add_levels(unsigned depth, const Widths& widths);
  void enter(std::uint64_t address, std::uint64_t count, std::uint64_t total, std::size_t level);
  void enter_child();
  void leave();

  FileBytes& bytes_;
  RecordType type_;
  std::uint64_t record_bytes_;
  Seen seen_;
  std::uint64_t node_bytes_ = 0;
  std::size_t count_width_ = 0;
  std::vector<Level> levels_;
  std::vector<Node> nodes_;
};

using RecordVisitor = std::function<void(Cursor record)>;

/** Calls `visit` for each record. */
void visit_btree2(FileBytes& bytes, std::uint64_t address, RecordType type, std::uint64_t record_bytes,
                  const RecordVisitor& visit);

}  // namespace spikeport::hdf5::structure
