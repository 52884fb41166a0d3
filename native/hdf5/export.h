// Jobs that write HDF5 files.
#pragma once

#include <cstdint>

#include "engine/export_job.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** Which writer makes a file: `automatic` takes the direct one for every file that it can hold. */
enum class Writer : std::uint8_t { automatic, direct, library };

/**
 * A job that writes this file. With `Writer::direct` or a long plan, and a file that the direct writer cannot hold, it
 * fails with a ValueError before it has touched the file system.
 */
ExportJob export_job(Plan plan, const ExportSettings& settings, Writer writer = Writer::automatic);

}  // namespace spikeport::hdf5
