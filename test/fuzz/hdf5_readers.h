#pragma once

// What all readers do with an HDF5 file.

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "exports/temporary_folder.h"
#include "hdf5/reading/open_file.h"

namespace spikeport::fuzz {

/** Runs work on the HDF5 thread, and returns its failure. */
std::exception_ptr on_hdf5_thread(std::function<void()> work);

/** The names of a group's links. On the HDF5 thread. */
std::vector<std::string> names_in(const hdf5::OpenFile& file, const std::string& group);

/** Opens a file of these bytes, which is made in a folder, reads all that is in it as long as readers do not refuse it,
 * and closes it. Anything else than that ends the process. */
void read_as_file(const test::TemporaryFolder& folder, std::string_view bytes);

}  // namespace spikeport::fuzz
