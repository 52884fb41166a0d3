// Paths of objects in an HDF5 file, as the library reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spikeport::hdf5 {

/** The names that lead from the root group to an object, its own last. They point into the path. */
std::vector<std::string_view> names_in(std::string_view path);

/** The names in a path as the library reads it, which skips empty ones and ".". */
std::vector<std::string_view> steps_in(std::string_view path);

/** A path as the library stores it in a soft link: without repeated or trailing slashes. */
std::string without_spare_slashes(std::string_view path);

bool is_ascii(std::string_view text);

}  // namespace spikeport::hdf5
