// The B-tree over the chunks of a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "hdf5/direct/btree.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/streamed_chunks.h"

namespace spikeport::hdf5::direct {

/** Its chunks are all stored, in the order in which they came. */
class StreamedChunkBTree : public BTree {
 public:
  /** @param chunks at least one */
  StreamedChunkBTree(const std::shared_ptr<const StreamedChunks>& chunks, std::uint64_t address)
      : StreamedChunkBTree(grid_of(*chunks), chunks, address) {}

 private:
  StreamedChunkBTree(ChunkGrid grid, std::shared_ptr<const StreamedChunks> chunks, std::uint64_t address)
      : BTree(chunk_nodes(grid.shape().size()), grid.size(), address),
        grid_(std::move(grid)),
        chunks_(std::move(chunks)) {}

  static ChunkGrid grid_of(const StreamedChunks& chunks) {
    const auto copy = [](std::span<const std::uint64_t> lengths) {
      return std::vector<std::uint64_t>(lengths.begin(), lengths.end());
    };
    return {copy(chunks.shape()), copy(chunks.chunk())};
  }

  void encode_key(std::uint64_t thing, Encoder& out) const override {
    if (thing == grid_.size()) {
      return encode_end_key(grid_[thing - 1].corner, grid_.chunk(), spikeport::size_of(chunks_->type()), out);
    }
    const Chunk chunk = grid_[thing];
    encode_chunk_key(chunk.corner, chunks_->at(chunk.corner).size, out);
  }
  [[nodiscard]] std::uint64_t address_of_thing(std::uint64_t thing) const override {
    return chunks_->at(grid_[thing].corner).address;
  }

  ChunkGrid grid_;
  std::shared_ptr<const StreamedChunks> chunks_;
};

}  // namespace spikeport::hdf5::direct
