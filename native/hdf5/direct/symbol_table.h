#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hdf5/direct/encoder.h"
#include "hdf5/direct/messages.h"
#include "hdf5/direct/records.h"

namespace spikeport::hdf5::direct {

/** "Group Leaf Node K" of the superblock: a symbol table node has room for twice as many entries. */
constexpr std::uint16_t group_leaf_k = 4;

/** "Disk Format: Level 1C - Symbol Table Entry": the name of an object, in its group's heap, and its header. */
struct SymbolTableEntry {
  static constexpr std::size_t encoded_size = 40;

  std::uint64_t name_offset = 0;
  std::uint64_t object_header = 0;
  /** What a group's header says, once more. */
  std::optional<SymbolTable> group = std::nullopt;
  /** Of a soft link, which has no header: where in the group's heap the path is that it leads to. */
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

/** Entries that are held. */
class EntryList : public SymbolTableEntries {
 public:
  void add(SymbolTableEntry entry) { entries_.push_back(entry); }
  [[nodiscard]] std::uint64_t count() const override { return entries_.size(); }
  void read(std::uint64_t first, std::span<SymbolTableEntry> entries) const override;

 private:
  std::vector<SymbolTableEntry> entries_;
};

/** "Disk Format: Level 1B - Group Symbol Table Nodes", all but the last of them full. */
class SymbolTableNodes : public Records {
 public:
  static constexpr std::uint64_t entries_per_node = std::uint64_t{2} * group_leaf_k;

  explicit SymbolTableNodes(std::shared_ptr<const SymbolTableEntries> entries);

  /** How many nodes so many entries take. */
  static std::uint64_t count_for(std::uint64_t entries) { return (entries + entries_per_node - 1) / entries_per_node; }
  static constexpr std::uint64_t node_size = 8 + entries_per_node * SymbolTableEntry::encoded_size;

 private:
  void encode(std::uint64_t number, std::span<std::byte> node) const override;

  std::shared_ptr<const SymbolTableEntries> entries_;
};

}  // namespace spikeport::hdf5::direct
