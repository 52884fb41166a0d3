#pragma once

// What all readers do with an HDF5 file.

#include <exception>
#include <functional>
#include <string>

namespace spikeport::fuzz {

/** Runs work on the HDF5 thread, and returns its failure. */
std::exception_ptr on_hdf5_thread(std::function<void()> work);

/** Opens a file, reads all that is in it as long as readers do not refuse it, and closes it. Anything else than that
 * ends the process. */
void read_file(const std::string& path);

}  // namespace spikeport::fuzz
