// Checks the indices of chunks, which lead from a chunk's place in the dataset to its bytes in the file (III.A and VII
// of the format's specification).
#pragma once

#include <cstdint>
#include <optional>

#include "hdf5/structure/btree1.h"
#include "hdf5/structure/extensible_array.h"
#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/messages.h"
#include "hdf5/structure/superblock.h"

namespace spikeport::hdf5::structure {

/** What a B-tree of version 1 is whose leaves are chunks. */
BTree1 chunk_tree(const BTreeSizes& sizes, const Layout& layout);
/** What the other indices have of each chunk. */
ChunkElement element_of(const Layout& layout, const Widths& widths, bool has_filters);
/** Visits the chunks of a fixed array that were written. */
void visit_fixed_array(FileBytes& bytes, std::uint64_t address, const ChunkElement& element, const PlaceVisitor& visit);

/**
 * @param layout of chunks, with as many axes as the dataspace and one more
 * @return the bytes of all chunks, where the library would have to look for those that were never written to sum them
 * up
 */
std::optional<std::uint64_t> check_chunk_index(FileBytes& bytes, const BTreeSizes& sizes, const Layout& layout,
                                               const Dataspace& space, bool has_filters);

}  // namespace spikeport::hdf5::structure
