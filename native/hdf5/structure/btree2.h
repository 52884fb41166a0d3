// B-trees of version 2 (III.A.2 of the format's specification).
#pragma once

#include <cstdint>
#include <functional>

#include "hdf5/structure/file_bytes.h"

namespace spikeport::hdf5::structure {

/** Kinds of records. */
enum class RecordType : std::uint8_t {
  huge = 1,
  link_name = 5,
  link_order = 6,
  attribute_name = 8,
  attribute_order = 9,
  chunk = 10,
  filtered_chunk = 11,
};

using RecordVisitor = std::function<void(Cursor record)>;

/**
 * Calls `visit` for each record, and checks the tree.
 * @param record_bytes what a record of the kind has
 */
void visit_btree2(FileBytes& bytes, std::uint64_t address, RecordType type, std::uint64_t record_bytes,
                  const RecordVisitor& visit);

}  // namespace spikeport::hdf5::structure
