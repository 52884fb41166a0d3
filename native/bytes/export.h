#pragma once

#include "bytes/plan.h"
#include "export_job.h"

namespace spikeport::bytes {

/** A job that writes one file. */
ExportJob export_job(FilePlan plan, const ExportSettings& settings);

/** A job that writes a folder of files, several at once. */
ExportJob export_job(FolderPlan plan, const ExportSettings& settings);

}  // namespace spikeport::bytes
