#pragma once

#include <napi.h>

#include <memory>

#include "bytes/plan.h"
#include "columns/raster.h"
#include "export_job.h"

namespace spikeport::binding {

/** A job for a plan as lib/plan/ describes them. Plans come from our own TypeScript: what they name is there. */
ExportJob export_job_for(const Napi::Object& plan, const ExportSettings& settings);

/** A byte segment as lib/plan/byte-segments.ts describes them. */
bytes::Segment read_segment(const Napi::Object& segment);

/** A raster column as lib/plan/columns.ts describes it. */
std::unique_ptr<const Raster> read_raster(const Napi::Object& column);

}  // namespace spikeport::binding
