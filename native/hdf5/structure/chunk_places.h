// Reads where the chunks of a dataset are in the file, from any kind of index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hdf5/model/stepped_sort.h"
#include "hdf5/structure/btree1.h"
#include "hdf5/structure/btree2.h"
#include "hdf5/structure/chunk_index.h"
#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/messages.h"
#include "hdf5/structure/superblock.h"

namespace spikeport::hdf5::structure {

/** A chunk that was written. */
struct ChunkPlace {
  /** Its number among those that cover the dataset, in C order. */
  std::uint64_t number = 0;
  std::uint64_t address = 0;
  std::uint32_t size = 0;
  /** A bit for each filter that it has not been through. */
  std::uint32_t mask = 0;
};

/** What leads to the chunks of a dataset. */
struct ChunkedData {
  Layout layout;
  std::vector<std::uint64_t> shape;
  /** What the axes may grow to. */
  std::vector<std::uint64_t> most;
  bool has_filters = false;
};

/**
 * The places of all chunks of a dataset, which are read a few at a time. Used on the HDF5 thread.
 *
 * Each is in the file, on the grid and named once, and all of them have no more bytes than the file: that bounds the
 * memory and the time that they take.
 */
class ChunkPlaceReader {
 public:
  /** @param bytes outlives this */
  ChunkPlaceReader(FileBytes& bytes, const BTreeSizes& sizes, ChunkedData data);
  ChunkPlaceReader(const ChunkPlaceReader&) = delete;
  ChunkPlaceReader& operator=(const ChunkPlaceReader&) = delete;
  ~ChunkPlaceReader() = default;

  /** Reads or sorts the next ones; returns whether there are more. Throws Damaged. */
  bool read_some();
  /** All of them in the end, in the order of their numbers. */
  [[nodiscard]] std::vector<ChunkPlace> take() { return std::move(places_); }

 private:
  struct ByNumber {
    bool operator()(const ChunkPlace& a, const ChunkPlace& b) const { return a.number < b.number; }
  };

  void begin();
  /** Goes on with the index; returns whether there is more. */
  bool walk_some();
  bool walk_btree1();
  bool walk_btree2();
  bool walk_implicit();
  /** The elements of an array are in the order of the chunks that a dataset can grow to. */
  void read_arrays();
  /** A chunk by its number in that order. @param first_axis the slowest axis */
  void add_in_order(std::uint64_t index, std::size_t first_axis, const StoredPlace& place);
  /** @param at its number on each axis: outside of the shape it is left out */
  void add(std::span<const std::uint64_t> at, const StoredPlace& place);
  [[nodiscard]] std::uint64_t chunks_along(std::size_t axis, std::uint64_t length) const;

  FileBytes& bytes_;
  BTreeSizes sizes_;
  ChunkedData data_;
  ChunkElement element_;
  /** The chunks that cover the shape, and that it can grow to, on each axis. */
  std::vector<std::uint64_t> grid_;
  std::vector<std::uint64_t> most_grid_;
  Seen seen_;
  Seen stored_;
  bool has_begun_ = false;
  bool is_walked_ = false;
  std::optional<BTree1Walk> btree1_;
  std::optional<BTree2Walk> btree2_;
  std::uint64_t next_implicit_ = 0;
  bool is_sorted_ = true;
  std::vector<ChunkPlace> places_;
  std::optional<SteppedSort<ChunkPlace, ByNumber>> sorting_;
};

}  // namespace spikeport::hdf5::structure
