#include "hdf5/direct/chunk_btree.h"

#include <span>
#include <utility>

#include "sources/source.h"

namespace spikeport::hdf5::direct {
namespace {

/** "Indexed Storage Internal Node K", which superblocks of version 0 leave to the library: a node has twice as many. */
constexpr std::uint64_t chunks_per_node = std::uint64_t{2} * 32;

/** A chunk's size and filter mask, and where it begins along each axis and within an element. */
std::uint64_t key_size(std::size_t axes) { return 8 + 8 * (axes + 1); }

}  // namespace

std::uint64_t StoredChunks::bytes_each() const { return element_count(shape) * element_size; }

ChunkBTree::ChunkBTree(StoredChunks chunks, std::uint64_t address)
    : BTree({.node_type = 1, .children_per_node = chunks_per_node, .key_size = key_size(chunks.shape.size())},
            chunks.count, address),
      chunks_(std::move(chunks)) {}

/** Following the last chunk comes the key that the library puts there: one more chunk along every axis. */
void ChunkBTree::encode_key(std::uint64_t chunk, Encoder& out) const {
  const bool is_chunk = chunk < chunks_.count;
  out.u32(is_chunk ? static_cast<std::uint32_t>(chunks_.bytes_each()) : 0);
  out.u32(0);  // skipped filters
  out.u64(chunk * chunks_.shape[0]);
  for (const std::uint64_t length : std::span(chunks_.shape).subspan(1)) out.u64(is_chunk ? 0 : length);
  out.u64(is_chunk ? 0 : chunks_.element_size);
}

}  // namespace spikeport::hdf5::direct
