#pragma once

// HDF5 files of every layout, type and structure, which the fuzz targets of readers start from.

#include <cstddef>
#include <string>

namespace spikeport::fuzz {

/** How many kinds of files there are; the first ones are those whose data is changed. */
constexpr std::size_t data_kinds = 5;
constexpr std::size_t file_kinds = 9;

/**
 * Writes a file, on the HDF5 thread.
 * @param is_latest in the form of the newest version that the library knows, or of the oldest
 */
void write_file(const std::string& path, bool is_latest, std::size_t kind);

}  // namespace spikeport::fuzz
