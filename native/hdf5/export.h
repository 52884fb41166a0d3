#pragma once

#include "engine/export_job.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** A job that writes this file. */
ExportJob export_job(Plan plan, const ExportSettings& settings);

}  // namespace spikeport::hdf5
