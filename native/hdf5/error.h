#pragma once

#include <hdf5.h>

#include <string>

#include "hdf5/handle.h"

namespace spikeport::hdf5 {

/** Keeps the library from printing, and from closing itself at exit. Called first on the HDF5 thread. */
void initialize();

/**
 * Throws what the library's error stack tells: a SystemError when the operating system refused (a full disk, say), else
 * an Hdf5Failure. `path` is the file being written.
 */
[[noreturn]] void throw_error(const std::string& doing, const std::string& path);

}  // namespace spikeport::hdf5
