// Jobs that write HDF5 files.
#pragma once

#include <string_view>

#include "engine/export_job.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** The environment variable that chooses the writer of HDF5 files: `auto`, `direct` or `library`. */
constexpr const char* writer_variable = "SPIKEPORT_HDF5_WRITER";

/**
 * A job that writes this file.
 * @param writer the value of the variable. By `auto`, the direct writer makes whatever file it can hold. Any other
 *   value, or `direct` for a file that the direct writer cannot hold, makes a job that fails with a ValueError before
 *   it has touched the file system
 */
ExportJob export_job(Plan plan, const ExportSettings& settings, std::string_view writer = "auto");

}  // namespace spikeport::hdf5
