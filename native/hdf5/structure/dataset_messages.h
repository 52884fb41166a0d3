// What the header of an object says of its elements, where it is a dataset.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "hdf5/structure/datatype.h"
#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/messages.h"
#include "hdf5/structure/object_header.h"

namespace spikeport::hdf5::structure {

/** The messages of a dataset. */
struct DatasetMessages {
  Datatype type;
  /** Where the header itself has it. */
  std::span<const std::byte> own_type;
  bool is_external = false;
  Dataspace space;
  Layout layout;
  bool has_layout = false;
  Filters filters;
  std::span<const std::byte> old_fill;
  std::optional<std::span<const std::byte>> fill;
};

/** Checks the messages of a header, but for its attributes, and returns those of a dataset, which point into it. */
DatasetMessages read_dataset_messages(FileBytes& bytes, const ObjectHeader& header);

}  // namespace spikeport::hdf5::structure
