#include "hdf5/direct/encoded_chunks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spikeport::hdf5::direct {
namespace {

/** Of every so many chunks the address is held in memory, and those in between are counted from it. */
constexpr std::uint64_t addresses_each = 64;

constexpr std::size_t unit_axes = 1;

ChunkGrid unit_grid(const SpikeTimes& times, const Chunking& chunking, std::uint64_t unit) {
  const std::uint64_t count = times.trains().spike_count(unit);
  return {{count}, chunk_shape(chunking, {&count, 1}, spikeport::size_of(times.type()))};
}

}  // namespace

bool are_encoded(const Chunking& chunking, std::span<const std::uint64_t> shape, std::uint64_t element_size,
                 bool is_sparse) {
  if (chunking.deflate_level || chunking.shuffle) return true;
  if (element_count(shape) == 0) return false;
  // Of most chunks of a sparse source nothing is stored.
  if (is_sparse) return true;
  const auto chunk = chunk_shape(chunking, shape, element_size);
  return !std::ranges::equal(std::span(chunk).subspan(1), shape.subspan(1));
}

bool has_encoded_chunks(const Dataset& dataset) {
  const Source& source = *dataset.source;
  return !dataset.streamed && has_chunks(dataset.chunking, source.shape()) &&
         are_encoded(*dataset.chunking, source.shape(), spikeport::size_of(source.type()), source.sparse() != nullptr);
}

std::uint64_t EncodedChunks::add(std::uint64_t count) {
  const std::uint64_t first = sizes_.size();
  sizes_.resize(first + count);
  return first;
}

std::uint64_t EncodedChunks::place(std::uint64_t address) {
  addresses_.reserve(sizes_.size() / addresses_each + 1);
  for (std::uint64_t number = 0; number < sizes_.size(); number++) {
    if (number % addresses_each == 0) addresses_.push_back(address);
    address += sizes_[number];
  }
  return address;
}

std::uint64_t EncodedChunks::address_of(std::uint64_t number) const {
  std::uint64_t address = addresses_[number / addresses_each];
  for (std::uint64_t before = number - number % addresses_each; before < number; before++) address += sizes_[before];
  return address;
}

std::optional<std::vector<std::uint64_t>> EncodedChunks::stored_places(std::uint64_t first, std::uint64_t count) const {
  const auto sizes = std::span(sizes_).subspan(first, count);
  if (std::ranges::find(sizes, 0U) == sizes.end()) return std::nullopt;
  std::vector<std::uint64_t> places;
  for (std::uint64_t place = 0; place < count; place++) {
    if (sizes[place] > 0) places.push_back(place);
  }
  return places;
}

EncodedChunkBTree::EncodedChunkBTree(const EncodedChunks& chunks, std::uint64_t first, ChunkGrid grid,
                                     std::uint64_t element_size, std::optional<std::vector<std::uint64_t>> stored,
                                     std::uint64_t address)
    : BTree(chunk_nodes(grid.shape().size()), stored ? stored->size() : grid.size(), address),
      chunks_(&chunks),
      first_(first),
      grid_(std::move(grid)),
      element_size_(element_size),
      stored_(std::move(stored)) {}

std::uint64_t EncodedChunkBTree::most_bytes(std::uint64_t chunks, std::size_t axes) {
  return chunks == 0 ? 0 : byte_size_of(chunk_nodes(axes), chunks);
}

void EncodedChunkBTree::encode_key(std::uint64_t thing, Encoder& out) const {
  if (thing == count()) return encode_end_key(grid_[place_of(thing - 1)].corner, grid_.chunk(), element_size_, out);
  const std::uint64_t place = place_of(thing);
  encode_chunk_key(grid_[place].corner, chunks_->size_of(first_ + place), out);
}

UnitChunkBTrees::UnitChunkBTrees(const std::shared_ptr<const SpikeTimes>& times, const Chunking& chunking,
                                 EncodedChunks& chunks)
    : UnitChunkBTrees(times, chunking, chunks, begins_of(*times, chunking, chunks)) {}

UnitChunkBTrees::UnitChunkBTrees(std::shared_ptr<const SpikeTimes> times, Chunking chunking, EncodedChunks& chunks,
                                 std::vector<Begin> begins)
    : GeneratedRecords(EncodedChunkBTree::most_bytes(1, unit_axes), begins.back().node),
      times_(std::move(times)),
      chunking_(std::move(chunking)),
      chunks_(&chunks),
      begins_(std::move(begins)) {}

std::vector<UnitChunkBTrees::Begin> UnitChunkBTrees::begins_of(const SpikeTimes& times, const Chunking& chunking,
                                                               EncodedChunks& chunks) {
  const std::uint64_t units = times.trains().unit_count();
  const std::uint64_t node_size = EncodedChunkBTree::most_bytes(1, unit_axes);
  std::vector<Begin> begins;
  begins.reserve(units + 1);
  Begin begin{.chunk = 0, .node = 0};
  for (std::uint64_t unit = 0; unit < units; unit++) {
    const bool is_empty = times.trains().spike_count(unit) == 0;
    const std::uint64_t count = is_empty ? 0 : unit_grid(times, chunking, unit).size();
    begin.chunk = chunks.add(count);
    begins.push_back(begin);
    begin.node += EncodedChunkBTree::most_bytes(count, unit_axes) / node_size;
  }
  begins.push_back(begin);
  return begins;
}

std::vector<std::uint64_t> UnitChunkBTrees::chunk_of(std::uint64_t unit) const {
  const auto grid = unit_grid(*times_, chunking_, unit);
  return {grid.chunk().begin(), grid.chunk().end()};
}

std::uint64_t UnitChunkBTrees::root_of(std::uint64_t unit) const {
  // Nodes are in order from the leaves up.
  return address_ + (begins_[unit + 1].node - 1) * record_size();
}

void UnitChunkBTrees::encode(std::uint64_t number, std::span<std::byte> node) const {
  // Empty units have no nodes, and begin where the next one does.
  const auto after = std::ranges::upper_bound(begins_, number, {}, &Begin::node);
  const auto unit = static_cast<std::uint64_t>(after - begins_.begin() - 1);
  tree_of(unit).fill((number - begins_[unit].node) * record_size(), node);
}

EncodedChunkBTree UnitChunkBTrees::tree_of(std::uint64_t unit) const {
  return {*chunks_,
          begins_[unit].chunk,
          unit_grid(*times_, chunking_, unit),
          spikeport::size_of(times_->type()),
          std::nullopt,
          address_ + begins_[unit].node * record_size()};
}

}  // namespace spikeport::hdf5::direct
