#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "sources/raster.h"
#include "sources/source.h"
#include "sources/spike_sources.h"

namespace spikeport::binding {

// Sources as lib/engine/plan/sources.ts describes them.

std::shared_ptr<const Source> read_source(const Napi::Object& source);
std::shared_ptr<const SpikeTimes> read_spike_times(const Napi::Object& source);
std::unique_ptr<const Raster> read_raster(const Napi::Object& source);

std::vector<std::uint64_t> read_shape(const Napi::Value& value);

}  // namespace spikeport::binding
