#include "hdf5/structure/chunk_places.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace spikeport::hdf5::structure {
namespace {

/** How many chunks are read, and how often they are moved in sorting, between two chances to stop: about a millisecond.
 */
constexpr std::size_t chunks_a_step = 4096;
constexpr std::size_t chunk_moves_a_step = 65536;

constexpr const char* off_grid = "a chunk of it is not where chunks can be";

}  // namespace

ChunkPlaceReader::ChunkPlaceReader(FileBytes& bytes, const BTreeSizes& sizes, ChunkedData data)
    : bytes_(bytes),
      sizes_(sizes),
      data_(std::move(data)),
      element_(element_of(data_.layout, bytes.widths(), data_.has_filters)),
      seen_(bytes),
      stored_(bytes, "its chunks have more bytes than the file") {
  for (std::size_t axis = 0; axis < data_.shape.size(); axis++) {
    grid_.push_back(chunks_along(axis, data_.shape[axis]));
    most_grid_.push_back(data_.most[axis] == undefined ? undefined : chunks_along(axis, data_.most[axis]));
  }
}

std::uint64_t ChunkPlaceReader::chunks_along(std::size_t axis, std::uint64_t length) const {
  const std::uint64_t chunk = data_.layout.chunk[axis];
  return length / chunk + (length % chunk != 0 ? 1 : 0);
}

bool ChunkPlaceReader::read_some() {
  if (!std::exchange(has_begun_, true)) begin();
  if (!is_walked_) {
    is_walked_ = !walk_some();
    if (!is_walked_ || is_sorted_) return !is_walked_;
    sorting_.emplace(std::move(places_), ByNumber());
  }
  if (!sorting_) return false;
  if (sorting_->sort_some(chunk_moves_a_step)) return true;
  places_ = sorting_->take();
  sorting_.reset();
  const auto is_same = [](const ChunkPlace& a, const ChunkPlace& b) { return a.number == b.number; };
  require(std::ranges::adjacent_find(places_, is_same) == places_.end(), "its index has a chunk twice");
  return false;
}

void ChunkPlaceReader::begin() {
  const Layout& layout = data_.layout;
  // Nothing was ever written, or there is nothing to write.
  if (layout.address == undefined || std::ranges::find(grid_, 0U) != grid_.end()) {
    is_walked_ = true;
    return;
  }
  const Widths widths = bytes_.widths();
  if (layout.index == Layout::Index::btree) {
    btree1_.emplace(bytes_, layout.address, chunk_tree(sizes_, layout), seen_, [](Cursor /*key*/) {});
  } else if (layout.index == Layout::Index::btree2) {
    btree2_.emplace(bytes_, layout.address, element_.has_filters ? RecordType::filtered_chunk : RecordType::chunk,
                    element_.bytes(widths) + 8 * std::uint64_t{grid_.size()});
  } else if (layout.index == Layout::Index::implicit) {
    require(layout.chunk_bytes() >= sizeof(ChunkPlace),
            "it has chunks of a few bytes each: h5repack can write it with larger ones");
  }
}

bool ChunkPlaceReader::walk_some() {
  const Layout& layout = data_.layout;
  switch (layout.index) {
    case Layout::Index::btree:
      return walk_btree1();
    case Layout::Index::btree2:
      return walk_btree2();
    case Layout::Index::implicit:
      return walk_implicit();
    case Layout::Index::single: {
      const std::vector<std::uint64_t> at(grid_.size(), 0);
      add(at, {.address = layout.address,
               .size = element_.has_filters ? layout.single_bytes : element_.chunk_bytes,
               .mask = layout.single_mask});
      return false;
    }
    case Layout::Index::fixed_array:
    case Layout::Index::extensible_array:
      read_arrays();
      break;
  }
  return false;
}

bool ChunkPlaceReader::walk_btree1() {
  std::vector<std::uint64_t> at(grid_.size());
  for (std::size_t i = 0; i < chunks_a_step; i++) {
    const auto chunk = btree1_->next();
    if (!chunk) return false;
    Cursor key = chunk->key;
    StoredPlace place{.address = chunk->address, .size = key.four(), .mask = key.four()};
    for (std::size_t axis = 0; axis < at.size(); axis++) {
      const std::uint64_t corner = key.number(8);
      require(corner % data_.layout.chunk[axis] == 0, off_grid);
      at[axis] = corner / data_.layout.chunk[axis];
    }
    add(at, place);
  }
  return true;
}

bool ChunkPlaceReader::walk_btree2() {
  std::vector<std::uint64_t> at(grid_.size());
  for (std::size_t i = 0; i < chunks_a_step; i++) {
    auto record = btree2_->next();
    if (!record) return false;
    const StoredPlace place = element_.read(*record);
    for (std::uint64_t& number : at) number = record->number(8);
    add(at, place);
  }
  return true;
}

bool ChunkPlaceReader::walk_implicit() {
  std::uint64_t count = 1;
  for (const std::uint64_t chunks : most_grid_) {
    require(chunks <= bytes_.size() / count, "its chunks lead beyond the end of the file");
    count *= std::max<std::uint64_t>(chunks, 1);
  }
  for (std::size_t i = 0; i < chunks_a_step && next_implicit_ < count; i++, next_implicit_++) {
    add_in_order(next_implicit_, 0,
                 {.address = data_.layout.address + next_implicit_ * element_.chunk_bytes,
                  .size = element_.chunk_bytes,
                  .mask = 0});
  }
  return next_implicit_ < count;
}

void ChunkPlaceReader::read_arrays() {
  const Layout& layout = data_.layout;
  // An extensible array has the axis without a limit first.
  const auto unlimited = std::ranges::find(most_grid_, undefined);
  const bool is_extensible = layout.index == Layout::Index::extensible_array;
  require(is_extensible == (unlimited != most_grid_.end()) &&
              (!is_extensible || std::find(unlimited + 1, most_grid_.end(), undefined) == most_grid_.end()),
          "its index of chunks is of another kind");
  const auto first_axis = is_extensible ? static_cast<std::size_t>(unlimited - most_grid_.begin()) : 0;
  const auto visit = [this, first_axis](std::uint64_t index, const StoredPlace& place) {
    add_in_order(index, first_axis, place);
  };
  if (is_extensible) {
    visit_extensible_array(bytes_, layout.address, element_, visit);
  } else {
    visit_fixed_array(bytes_, layout.address, element_, visit);
  }
}

void ChunkPlaceReader::add_in_order(std::uint64_t index, std::size_t first_axis, const StoredPlace& place) {
  std::vector<std::uint64_t> at(grid_.size());
  for (std::size_t axis = grid_.size(); axis-- > 0;) {
    if (axis == first_axis) continue;
    if (most_grid_[axis] == 0) return;
    at[axis] = index % most_grid_[axis];
    index /= most_grid_[axis];
  }
  at[first_axis] = index;
  add(at, place);
}

void ChunkPlaceReader::add(std::span<const std::uint64_t> at, const StoredPlace& place) {
  if (place.address == undefined || place.size == 0) return;
  std::uint64_t number = 0;
  for (std::size_t axis = 0; axis < at.size(); axis++) {
    if (at[axis] >= grid_[axis]) return;
    require(number <= (undefined - at[axis]) / grid_[axis], off_grid);
    number = number * grid_[axis] + at[axis];
  }
  require(element_.has_filters || place.size == element_.chunk_bytes, "a chunk of it is of another size");
  require(place.size <= std::numeric_limits<std::uint32_t>::max() && bytes_.has(place.address, place.size),
          "a chunk of it leads beyond the end of the file");
  stored_.add(place.size);
  is_sorted_ = is_sorted_ && (places_.empty() || places_.back().number < number);
  places_.push_back(
      {.number = number, .address = place.address, .size = static_cast<std::uint32_t>(place.size), .mask = place.mask});
}

}  // namespace spikeport::hdf5::structure
