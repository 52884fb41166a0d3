#pragma once

// Reads whole HDF5 files with the library, for comparison.

#include <map>
#include <string>

namespace spikeport::test {

/**
 * What an HDF5 file holds, as the library reads it: by path the shape and the bytes of each dataset, and by
 * `path@name` those of each attribute; numbers after the size of one; each text after its length, a reference as the
 * path it leads to, a link as its target. Throws what the library refuses. Calls the library on its own thread.
 */
std::map<std::string, std::string> read_by_library(const std::string& path);

}  // namespace spikeport::test
