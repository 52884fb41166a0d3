#pragma once

// Attributes, written with the HDF5 library.

#include <hdf5.h>

#include <cstdint>
#include <span>
#include <string>

#include "hdf5/library/error.h"
#include "hdf5/model/datatype.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** Writes an object's attributes, but for references. Called on the HDF5 thread. */
void write_attributes(hid_t object, std::span<const Attribute> attributes, const Check& check);

/** Writes one attribute; `elements` are as the library takes them. */
void write_attribute(hid_t object, const std::string& name, const Datatype& type, std::span<const std::uint64_t> shape,
                     const void* elements, const Check& check);

}  // namespace spikeport::hdf5
