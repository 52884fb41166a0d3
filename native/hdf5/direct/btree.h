// Version 1 B-trees (section III.A.1 of the HDF5 File Format Specification), over the chunks of a dataset and over the
// symbol table nodes of a group (III.B).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hdf5/direct/messages.h"
#include "hdf5/direct/metadata.h"

namespace spikeport::hdf5::direct {

/** The nodes of a B-tree, level by level from the leaves up. On each level all but the last are full. */
class BTree : public GeneratedRecords {
 public:
  /** The address of the root node. */
  [[nodiscard]] std::uint64_t root() const { return address_of(levels_.back().first); }

 protected:
  struct Kind {
    std::uint8_t node_type;
    std::uint64_t children_per_node;
    std::uint64_t key_size;
  };

  /** Of a tree over chunks of this many axes. */
  static Kind chunk_nodes(std::size_t axes);
  /** Writes the key of a chunk, by its corner. */
  static void encode_chunk_key(std::span<const std::uint64_t> corner, std::uint32_t size, Encoder& out);
  /**
   * Writes the key that the library puts after the last chunk: one more chunk along every axis.
   * @param corner, chunk of the last chunk, and the shape of a chunk
   */
  static void encode_end_key(std::span<const std::uint64_t> corner, std::span<const std::uint64_t> chunk,
                             std::uint64_t element_size, Encoder& out);
  /** The bytes of a tree over this many things. */
  static std::uint64_t byte_size_of(const Kind& kind, std::uint64_t count);

  /** @param count, address how many things the leaves point at, and where the tree goes */
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
  static std::uint64_t node_size(const Kind& kind);
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

/** Consecutive unfiltered chunks of whole rows: the array in C order. */
struct StoredChunks {
  /** Its first axis is the rows of a chunk, the others are as long as the array's. */
  std::vector<std::uint64_t> shape;
  std::uint64_t element_size;
  std::uint64_t count;
  /** The address of the first one. */
  std::uint64_t data;

  [[nodiscard]] std::uint64_t bytes_each() const;
};

/** The B-tree over these chunks. */
class ChunkBTree : public BTree {
 public:
  /** @param address where the tree goes */
  ChunkBTree(StoredChunks chunks, std::uint64_t address);

 private:
  void encode_key(std::uint64_t chunk, Encoder& out) const override;
  [[nodiscard]] std::uint64_t address_of_thing(std::uint64_t chunk) const override {
    return chunks_.data + chunk * chunks_.bytes_each();
  }

  StoredChunks chunks_;
};

/** "Group Leaf Node K" of the superblock: a symbol table node has room for twice as many entries. */
constexpr std::uint16_t group_leaf_k = 4;

/** "Group Internal Node K" of the superblock: a node of a group's B-tree has room for twice as many children. */
constexpr std::uint16_t group_internal_k = 16;

/** III.C, "Symbol Table Entry": where the name of an object is in its group's heap, and its header in the file. */
struct SymbolTableEntry {
  static constexpr std::size_t encoded_size = 40;

  std::uint64_t name_offset = 0;
  std::uint64_t object_header = 0;
  /** A copy of what a group's header holds. */
  std::optional<SymbolTableMessage> group = std::nullopt;
  /** Of a soft link, which has no header: where its target is in the group's heap. */
  std::optional<std::uint64_t> link = std::nullopt;

  void encode(Encoder& out) const;
};

/** The entries of one group, in the order of their names as bytes. */
class SymbolTableEntries {
 public:
  SymbolTableEntries() = default;
  SymbolTableEntries(const SymbolTableEntries&) = delete;
  SymbolTableEntries& operator=(const SymbolTableEntries&) = delete;
  virtual ~SymbolTableEntries() = default;

  [[nodiscard]] virtual std::uint64_t count() const = 0;
  /** Fills `entries` with those from number `first` on. */
  virtual void read(std::uint64_t first, std::span<SymbolTableEntry> entries) const = 0;
};

/** Entries held in memory. */
class EntryList : public SymbolTableEntries {
 public:
  void add(SymbolTableEntry entry) { entries_.push_back(entry); }
  [[nodiscard]] std::uint64_t count() const override { return entries_.size(); }
  void read(std::uint64_t first, std::span<SymbolTableEntry> entries) const override;

 private:
  std::vector<SymbolTableEntry> entries_;
};

/** III.B, "Group Symbol Table Nodes", all but the last of them full. */
class SymbolTableNodes : public GeneratedRecords {
 public:
  static constexpr std::uint64_t entries_per_node = std::uint64_t{2} * group_leaf_k;
  static constexpr std::uint64_t node_size = 8 + entries_per_node * SymbolTableEntry::encoded_size;

  explicit SymbolTableNodes(std::shared_ptr<const SymbolTableEntries> entries);

  /** How many nodes this many entries take. */
  static std::uint64_t count_for(std::uint64_t entries) { return (entries + entries_per_node - 1) / entries_per_node; }

 private:
  void encode(std::uint64_t number, std::span<std::byte> node) const override;

  std::shared_ptr<const SymbolTableEntries> entries_;
};

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
