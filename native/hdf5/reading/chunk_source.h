// Takes chunks out of a file with the library, as they are stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {

/** A chunk as it is stored. */
struct StoredChunk {
  /** Whether it was ever written: its elements are fill values otherwise. */
  bool is_there = false;
  /** Its bytes, in a buffer of the caller's. */
  std::size_t first = 0;
  std::size_t size = 0;
  /** A bit for each filter that it has not been through. */
  std::uint32_t mask = 0;
  /** Its elements on each axis: fewer than in other chunks where the library has undone the filters of one at an edge.
   */
  std::vector<std::uint64_t> box;
};

/**
 * Appends the bytes of a chunk to a buffer. On the HDF5 thread.
 *
 * Not by the chunk's address: the functions that return it are linear in the chunks, and some versions of the library
 * forget the user block.
 */
StoredChunk take_chunk(const OpenFile& file, const StoredDataset& dataset, std::span<const std::uint64_t> corner,
                       std::vector<std::byte>& buffer);

}  // namespace spikeport::hdf5
