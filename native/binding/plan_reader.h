#pragma once

#include <napi.h>

#include "bytes/plan.h"
#include "export_job.h"

namespace spikeport::binding {

/** A job for a plan as lib/plan/ describes them. */
ExportJob export_job_for(const Napi::Object& plan, const ExportSettings& settings);

/** A byte segment as lib/plan/byte-segments.ts describes them. */
bytes::Segment read_segment(const Napi::Object& segment);

}  // namespace spikeport::binding
