#pragma once

#include <napi.h>

#include "engine/export_job.h"
#include "plain_files/plan.h"

namespace spikeport::binding {

/** A job for a plan as lib/plan/ describes them. */
ExportJob export_job_for(const Napi::Object& plan, const ExportSettings& settings);

/** A byte segment as lib/engine/plan/byte-segments.ts describes them. */
plain_files::Segment read_segment(const Napi::Object& segment);

}  // namespace spikeport::binding
