#pragma once

// Where both HDF5 writers align datasets in the file.

#include <cstdint>

namespace spikeport::hdf5 {

/** Datasets of this size and more begin on a page, so that they can be written in whole pages. */
constexpr std::uint64_t aligned_from = 65536;
constexpr std::uint64_t page = 4096;

}  // namespace spikeport::hdf5
