#pragma once

#include <map>
#include <string>

namespace spikeport::test {

/**
 * What an HDF5 file holds, as the library reads it: by path the bytes of each dataset behind its shape, and by
 * `path@name` those of each attribute; numbers behind the size of one; each text behind its length, a reference as the
 * path it leads to, a link as its target. Throws what the library refuses, all of which it is asked on its own thread.
 */
std::map<std::string, std::string> read_by_library(const std::string& path);

}  // namespace spikeport::test
