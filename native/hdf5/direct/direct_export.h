#pragma once

#include "engine/export_job.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** Whether we write this file ourselves: all of it contiguous or extendable without filters, and within the earliest
 * version of the format. */
bool holds_directly(const Plan& plan);

/** A job that writes this file without the HDF5 library. Needs a plan that `holds_directly`. */
ExportJob direct_export_job(Plan plan, const ExportSettings& settings);

}  // namespace spikeport::hdf5
