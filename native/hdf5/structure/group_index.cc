#include "hdf5/structure/group_index.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace spikeport::hdf5::structure {
namespace {

/** How many links are read, and how often links are moved in sorting, between two chances to stop: about a
 * millisecond. */
constexpr std::size_t indexed_a_step = 1024;
constexpr std::size_t index_moves_a_step = 16384;

}  // namespace

void GroupIndex::add(const Link& link) {
  IndexedLink indexed{.hash = std::hash<std::string_view>()(link.name),
                      .name_begin = names.size(),
                      .name_length = static_cast<std::uint32_t>(link.name.size()),
                      .to = link.address,
                      .kind = link.kind};
  require(link.name.size() == indexed.name_length, "a name in it is of an impossible length");
  names.append(link.name);
  if (link.kind == Link::Kind::soft) {
    indexed.to = targets.size();
    targets.emplace_back(link.target);
  }
  links.push_back(indexed);
}

const IndexedLink* GroupIndex::find(std::string_view name) const {
  const std::uint64_t hash = std::hash<std::string_view>()(name);
  auto link = std::ranges::lower_bound(links, hash, {}, &IndexedLink::hash);
  // Other names may have the same hash.
  while (link != links.end() && link->hash == hash && name_of(*link) != name) link++;
  return link != links.end() && link->hash == hash ? &*link : nullptr;
}

bool GroupIndexing::LinkOrder::operator()(const IndexedLink& a, const IndexedLink& b) const {
  return a.hash != b.hash ? a.hash < b.hash : index->name_of(a) < index->name_of(b);
}

bool GroupIndexing::read_some() {
  GroupIndex& index = *index_;
  if (!sorting_) {
    if (walk_.visit_some(indexed_a_step, [&index](const Link& link) { index.add(link); })) return true;
    sorting_.emplace(std::move(index.links), LinkOrder{&index});
  }
  if (sorting_->sort_some(index_moves_a_step)) return true;
  index.links = sorting_->take();
  const auto is_same = [&index](const IndexedLink& a, const IndexedLink& b) {
    return a.hash == b.hash && index.name_of(a) == index.name_of(b);
  };
  require(std::ranges::adjacent_find(index.links, is_same) == index.links.end(), "it has two links of one name");
  return false;
}

}  // namespace spikeport::hdf5::structure
