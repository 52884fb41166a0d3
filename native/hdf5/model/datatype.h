#pragma once

#include <variant>

#include "kernels/element_type.h"

namespace spikeport::hdf5 {

/** An int8, 0 or 1, as h5py keeps it: an enumeration of FALSE and TRUE. */
struct Boolean {};

/** UTF-8 of variable length. */
struct Text {};

/** Where another object is. */
struct ObjectReference {};

/** What the elements of a dataset, or of an attribute, are. */
using Datatype = std::variant<ElementType, Boolean, Text, ObjectReference>;

}  // namespace spikeport::hdf5
