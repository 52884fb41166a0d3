// Extensible arrays, the indices of chunks of datasets with one unlimited axis (VII.D of the format's specification).
#pragma once

#include <cstdint>
#include <functional>

#include "hdf5/structure/file_bytes.h"

namespace spikeport::hdf5::structure {

/** Where an index says that a chunk is. */
struct StoredPlace {
  std::uint64_t address = undefined;
  std::uint64_t size = 0;
  /** A bit for each filter that it has not been through. */
  std::uint32_t mask = 0;
};

/** What the elements of an array are: the places of chunks, which have filters if their size is there, too. */
struct ChunkElement {
  bool has_filters = false;
  /** The bytes of a chunk's size in the file. */
  std::uint64_t size_width = 0;
  /** The size of a chunk without filters. */
  std::uint64_t chunk_bytes = 0;

  [[nodiscard]] std::uint64_t bytes(const Widths& widths) const {
    constexpr std::uint64_t mask_bytes = 4;
    return widths.address + (has_filters ? size_width + mask_bytes : 0);
  }
  [[nodiscard]] StoredPlace read(Cursor& element) const {
    StoredPlace place{.address = element.address(), .size = chunk_bytes};
    if (has_filters) {
      place.size = element.number(size_width);
      place.mask = element.four();
    }
    return place;
  }
};

/** Called with the number of an element, and the chunk that it leads to. */
using PlaceVisitor = std::function<void(std::uint64_t index, const StoredPlace& place)>;

/** Checks all of an array that is in the file, and visits the chunks that were written. */
void visit_extensible_array(FileBytes& bytes, std::uint64_t address, const ChunkElement& element,
                            const PlaceVisitor& visit);

/**
 * Checks all of an array that is in the file. Linear in that, and not in the chunks that were never written.
 * @return the bytes of all chunks
 */
std::uint64_t check_extensible_array(FileBytes& bytes, std::uint64_t address, const ChunkElement& element);

}  // namespace spikeport::hdf5::structure
