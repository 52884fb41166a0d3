// Reads the links of groups, of all forms.
#pragma once

#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/object_header.h"
#include "hdf5/structure/superblock.h"
#include "hdf5/structure/symbol_table.h"

namespace spikeport::hdf5::structure {

/** Calls `visit` for each link of the group with this header, and checks all that is looked at on the way. */
void visit_links(FileBytes& bytes, const BTreeSizes& sizes, const ObjectHeader& header, const LinkVisitor& visit);

}  // namespace spikeport::hdf5::structure
