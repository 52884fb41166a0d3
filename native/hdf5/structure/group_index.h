// The links of a group by their names, and how they are read: in steps, as a group may have millions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hdf5/model/stepped_sort.h"
#include "hdf5/structure/links.h"

namespace spikeport::hdf5::structure {

/** A link of a group, by the hash of its name. */
struct IndexedLink {
  std::uint64_t hash;
  /** Where the name is in those of the group. */
  std::uint64_t name_begin;
  std::uint32_t name_length;
  /** Of an object, or the number of a soft link's path. */
  std::uint64_t to;
  Link::Kind kind;
};

/** The links of a group, in the order of hashes, and of names where hashes are equal. */
struct GroupIndex {
  std::vector<IndexedLink> links;
  std::string names;
  std::vector<std::string> targets;

  [[nodiscard]] std::string_view name_of(const IndexedLink& link) const {
    return std::string_view(names).substr(link.name_begin, link.name_length);
  }
  /** Adds one at the end, not yet in the order of hashes. */
  void add(const Link& link);
  /** The link of a name; null where there is none. */
  [[nodiscard]] const IndexedLink* find(std::string_view name) const;
};

/** Reads the links of a group. */
class GroupIndexing {
 public:
  /**
   * @param bytes, sizes outlive this
   * @param address, header of the group
   */
  GroupIndexing(FileBytes& bytes, const BTreeSizes& sizes, std::uint64_t address, ObjectHeader header)
      : group_(address), walk_(bytes, sizes, std::move(header)) {}

  [[nodiscard]] std::uint64_t group() const { return group_; }
  /** The `least_bytes` of all links so far. */
  [[nodiscard]] std::uint64_t visited_bytes() const { return walk_.visited_bytes(); }

  /** Reads on for about a millisecond; returns whether there is more. */
  bool read_some();
  /** All links, when there is no more. */
  GroupIndex take() { return std::move(*index_); }

 private:
  struct LinkOrder {
    const GroupIndex* index;

    bool operator()(const IndexedLink& a, const IndexedLink& b) const;
  };

  std::uint64_t group_;
  LinkWalk walk_;
  /** Apart from this, as it is sorted by what is in it. */
  std::unique_ptr<GroupIndex> index_ = std::make_unique<GroupIndex>();
  std::optional<SteppedSort<IndexedLink, LinkOrder>> sorting_;
};

}  // namespace spikeport::hdf5::structure
