// Reads the attributes of objects, from the header and from a fractal heap.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "hdf5/structure/datatype.h"
#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/object_header.h"

namespace spikeport::hdf5::structure {

/** An attribute of an object. */
struct StoredAttribute {
  std::string name;
  Datatype type;
  /** Its elements, as they are in the file. */
  std::vector<std::byte> elements;
};

/** Calls `visit` for each attribute, and checks all that is looked at on the way. */
void visit_attributes(FileBytes& bytes, const ObjectHeader& header,
                      const std::function<void(StoredAttribute&&)>& visit);

/** Reads a datatype, which may be that of another object. */
Datatype read_type(FileBytes& bytes, Cursor message, bool is_shared);

}  // namespace spikeport::hdf5::structure
