// The objects of an HDF5 file: found by their paths past the library, which crashes where structures are damaged on
// purpose, and checked before the library opens them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hdf5/structure/attributes.h"
#include "hdf5/structure/chunk_places.h"
#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/global_heap.h"
#include "hdf5/structure/group_index.h"
#include "hdf5/structure/links.h"
#include "hdf5/structure/object_header.h"
#include "hdf5/structure/superblock.h"
#include "hdf5/structure/symbol_table.h"

namespace spikeport::hdf5::structure {

enum class ObjectKind : std::uint8_t { group, dataset, datatype };

/** An object, once all that the library reads of it has been checked. */
struct CheckedObject {
  ObjectKind kind = ObjectKind::group;
  /** A dataset whose elements are in other datasets: the library would open those. */
  bool is_virtual = false;
  /** A dataset with a fill value of which parts are in the global heap: the library reads those when it is asked for
   * the layout, and must not be asked. */
  bool is_fill_in_heap = false;
  /** Where its elements are; those of a compact one are in `compact`. */
  Layout layout;
  /** The axes of a dataset, and what they may grow to. */
  std::vector<std::uint64_t> shape;
  std::vector<std::uint64_t> most_shape;
  bool has_filters = false;
  /** The type of a dataset as its header has it, if its elements lie together in this file; else empty. */
  std::string plain_type;
  /** The bytes of all chunks, where they were summed up. */
  std::optional<std::uint64_t> stored_bytes;
  /** Compact elements. */
  std::vector<std::byte> compact;
  /** The fill value as it is stored; empty where it is 0. */
  std::vector<std::byte> fill;
  /** Its attributes; with elements only those that are texts of variable length. */
  std::vector<StoredAttribute> attributes;
};

/** What a path leads to. */
struct Found {
  enum class Way : std::uint8_t {
    object,
    /** Nothing is there. */
    nothing,
    /** A link on the way leads to another file, or is of a kind that only some program knows. */
    elsewhere,
    /** Soft links on the way lead in a circle. */
    circle,
    /** The links of a group on the way have not been read. */
    unread,
  };

  Way way = Way::nothing;
  std::uint64_t address = undefined;
};

/** Used on the HDF5 thread. Everything throws Damaged for structures that break the rules of the format. */
class Objects {
 public:
  /** @param file outlives this */
  Objects(const platform::InputFile& file, std::uint64_t size);
  Objects(const Objects&) = delete;
  Objects& operator=(const Objects&) = delete;
  ~Objects() = default;

  /** Checks some of what the library reads when it opens the file; returns whether there is more. First of all. */
  bool check_some();
  /** Reads some of the links that `find` would have to read for a path, and returns whether there are more to read. */
  bool prepare(std::string_view path);
  /** Finds the object at a path, by the links of the groups on the way. */
  Found find(std::string_view path);
  /** Checks all that the library may read of an object: its header, attributes, and index of chunks. */
  CheckedObject check(std::uint64_t address);
  /** What an object is, by its header alone. */
  ObjectKind kind_of(std::uint64_t address) { return kind_of(read_header(bytes_, address)); }
  /** Reads where the chunks of a dataset are, which was checked. */
  std::unique_ptr<ChunkPlaceReader> chunk_places(const CheckedObject& dataset);
  /** A walk over the links of a group. Damaged where it is none. */
  std::unique_ptr<LinkWalk> walk_links(std::uint64_t group);
  /** A path to an object; none where it is not in the tree of groups. Linear in the objects of the file, once. */
  std::optional<std::string> path_of(std::uint64_t address);

  /** What elements of variable length lead to. */
  GlobalHeap& heap() { return heap_; }
  [[nodiscard]] const Widths& widths() const { return bytes_.widths(); }
  /** The bytes before the first address. */
  [[nodiscard]] std::uint64_t begin() const { return bytes_.base(); }

 private:
  /** An object in the tree of groups. */
  struct Named {
    std::uint64_t parent;
    std::string name;
  };

  static ObjectKind kind_of(const ObjectHeader& header);
  void check_extension();
  /** Of a root group of this form, as its header has it. */
  SymbolTable root_table();
  /** Returns whether parts of the fill value are in the global heap that were not checked. */
  bool check_fill(const Datatype& type, const std::vector<std::byte>& fill);
  /** Begins to read the links of a group, unless it has been begun; returns whether it is one. */
  bool begin_index(std::uint64_t group);
  /** Reads on; returns whether there is more to read. What is damaged is remembered, and done with. */
  bool index_some();
  /** Throws for a group whose links were found to be damaged. */
  void require_sound(std::uint64_t group) const;
  /** @param may_read whether to read the links of groups on the way that are not known */
  Found follow(std::uint64_t group, std::string_view path, unsigned& soft_links, bool may_read);
  void walk_tree();

  FileBytes bytes_;
  Superblock superblock_;
  GlobalHeap heap_;
  std::unordered_map<std::uint64_t, GroupIndex> groups_;
  std::unique_ptr<GroupIndexing> indexing_;
  /** Groups whose links are damaged, and how. */
  std::unordered_map<std::uint64_t, std::string> broken_;
  /** The links in all of them: groups may share them only where a file is damaged. */
  Seen indexed_;
  std::unordered_map<std::uint64_t, Named> tree_;
  /** Datasets whose index of chunks has been checked, with what the check returned. */
  std::unordered_map<std::uint64_t, std::optional<std::uint64_t>> checked_chunks_;
};

}  // namespace spikeport::hdf5::structure
