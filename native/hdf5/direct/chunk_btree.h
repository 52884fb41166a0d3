#pragma once

#include <cstdint>
#include <vector>

#include "hdf5/direct/btree.h"
#include "hdf5/direct/encoder.h"

namespace spikeport::hdf5::direct {

/** Chunks of whole rows that lie one after the other, through no filter: those of an array in C order. */
struct StoredChunks {
  /** Its first axis is the rows of a chunk, the others are as long as the array's. */
  std::vector<std::uint64_t> shape;
  std::uint64_t element_size;
  std::uint64_t count;
  /** The address of the first one. */
  std::uint64_t data;

  [[nodiscard]] std::uint64_t bytes_each() const;
};

/** The B-tree over the chunks of a dataset. */
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

}  // namespace spikeport::hdf5::direct
