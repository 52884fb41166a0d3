// Encoded chunks of datasets: where they lie, and the B-trees over them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hdf5/direct/btree.h"
#include "hdf5/direct/metadata.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/plan.h"
#include "sources/spike_sources.h"

namespace spikeport::hdf5::direct {

/**
 * Whether chunks of these are encoded one by one, by a ChunkEncoder. Others are the elements in C order.
 * @param is_sparse whether most of their elements are zero
 */
bool are_encoded(const Chunking& chunking, std::span<const std::uint64_t> shape, std::uint64_t element_size,
                 bool is_sparse);

/** Whether a dataset has chunks that are to be encoded: those of a stream are already. */
bool has_encoded_chunks(const Dataset& dataset);

/**
 * The sizes of all encoded chunks of a file, which lie one after another in the order of the plan, and so their
 * addresses. Chunks of zeros are not stored: their size is 0. Four bytes are held in memory for each.
 */
class EncodedChunks {
 public:
  /** Adds the chunks of a dataset. @return the number of the first */
  std::uint64_t add(std::uint64_t count);

  /** Any thread may set the size of a chunk, once. */
  void set_size(std::uint64_t number, std::size_t bytes) { sizes_[number] = static_cast<std::uint32_t>(bytes); }

  /** Computes the addresses, when all sizes are known. @return the address after the last chunk */
  std::uint64_t place(std::uint64_t address);

  [[nodiscard]] bool empty() const { return sizes_.empty(); }
  [[nodiscard]] std::uint32_t size_of(std::uint64_t number) const { return sizes_[number]; }
  [[nodiscard]] std::uint64_t address_of(std::uint64_t number) const;
  /** The places, counted from `first`, of those of `count` chunks that are stored; nothing if all are. */
  [[nodiscard]] std::optional<std::vector<std::uint64_t>> stored_places(std::uint64_t first, std::uint64_t count) const;

 private:
  std::vector<std::uint32_t> sizes_;
  /** Of every chunk whose number is a multiple of `addresses_each`. */
  std::vector<std::uint64_t> addresses_;
};

/** The B-tree over the encoded chunks of a dataset. */
class EncodedChunkBTree : public BTree {
 public:
  /**
   * @param first the number of the dataset's first chunk
   * @param stored the places of the chunks that are stored, when not all are
   * @param address where the tree goes
   */
  EncodedChunkBTree(const EncodedChunks& chunks, std::uint64_t first, ChunkGrid grid, std::uint64_t element_size,
                    std::optional<std::vector<std::uint64_t>> stored, std::uint64_t address);

  /** The most bytes that the tree over a dataset's chunks takes. */
  static std::uint64_t most_bytes(std::uint64_t chunks, std::size_t axes);

 private:
  void encode_key(std::uint64_t thing, Encoder& out) const override;
  [[nodiscard]] std::uint64_t address_of_thing(std::uint64_t thing) const override {
    return chunks_->address_of(first_ + place_of(thing));
  }
  [[nodiscard]] std::uint64_t place_of(std::uint64_t thing) const { return stored_ ? (*stored_)[thing] : thing; }
  [[nodiscard]] std::uint64_t count() const { return stored_ ? stored_->size() : grid_.size(); }

  const EncodedChunks* chunks_;
  std::uint64_t first_;
  ChunkGrid grid_;
  std::uint64_t element_size_;
  std::optional<std::vector<std::uint64_t>> stored_;
};

/** The B-trees over the chunks of one dataset a unit, in unit order. All chunks of spike times are stored. */
class UnitChunkBTrees : public GeneratedRecords {
 public:
  UnitChunkBTrees(const std::shared_ptr<const SpikeTimes>& times, const Chunking& chunking, EncodedChunks& chunks);

  /** Sets where the trees go. */
  void set_address(std::uint64_t address) { address_ = address; }

  /** The shape of a unit's chunks. */
  [[nodiscard]] std::vector<std::uint64_t> chunk_of(std::uint64_t unit) const;
  /** The root of a unit's tree. */
  [[nodiscard]] std::uint64_t root_of(std::uint64_t unit) const;

 private:
  /** The number of a unit's first chunk, and of its first node. */
  struct Begin {
    std::uint64_t chunk;
    std::uint64_t node;
  };

  UnitChunkBTrees(std::shared_ptr<const SpikeTimes> times, Chunking chunking, EncodedChunks& chunks,
                  std::vector<Begin> begins);
  static std::vector<Begin> begins_of(const SpikeTimes& times, const Chunking& chunking, EncodedChunks& chunks);

  void encode(std::uint64_t number, std::span<std::byte> node) const override;
  [[nodiscard]] EncodedChunkBTree tree_of(std::uint64_t unit) const;

  std::shared_ptr<const SpikeTimes> times_;
  Chunking chunking_;
  const EncodedChunks* chunks_;
  /** And one following the last unit. */
  std::vector<Begin> begins_;
  std::uint64_t address_ = undefined_address;
};

}  // namespace spikeport::hdf5::direct
