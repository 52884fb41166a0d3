#pragma once

// Datatypes and dataspaces as the HDF5 library's ids.

#include <hdf5.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hdf5/library/error.h"
#include "hdf5/library/handle.h"
#include "hdf5/model/datatype.h"

namespace spikeport::hdf5 {

/** What the library calls a type. In memory it is the same as in the file, but for texts: those are pointers there. */
Handle library_type(const Datatype& type, const Check& check);

/** What the library calls a shape: without axes, a scalar. @param unlimited the axis that is, if one is */
Handle library_space(std::span<const std::uint64_t> shape, const Check& check,
                     std::optional<std::size_t> unlimited = std::nullopt);

inline std::vector<hsize_t> dimensions(std::span<const std::uint64_t> shape) { return {shape.begin(), shape.end()}; }

}  // namespace spikeport::hdf5
