#pragma once

// Reads plans of every format, and byte segments.

#include <napi.h>

#include "binding/fields.h"
#include "engine/export_job.h"
#include "plain_files/plan.h"

namespace spikeport::binding {

/** A job for a plan as lib/engine/plan/plan.ts describes it. */
ExportJob export_job_for(Napi::Env env, Value plan, const ExportSettings& settings);

/** A byte segment as lib/engine/plan/byte-segments.ts describes it. */
plain_files::Segment read_segment(Fields& segment);

}  // namespace spikeport::binding
