#pragma once

// Exports of plain files and of folders of them.

#include "engine/export_job.h"
#include "plain_files/plan.h"

namespace spikeport::plain_files {

/** A job that writes one file. */
ExportJob export_job(FilePlan plan, const ExportSettings& settings);

/** A job that writes a folder of files, several at once. */
ExportJob export_job(FolderPlan plan, const ExportSettings& settings);

}  // namespace spikeport::plain_files
