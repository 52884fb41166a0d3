#pragma once

#include "export_job.h"
#include "hdf5/plan.h"

namespace spikeport::hdf5 {

/** A job that writes this file. */
ExportJob export_job(Plan plan, const ExportSettings& settings);

}  // namespace spikeport::hdf5
