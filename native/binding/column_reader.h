#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "columns/column.h"
#include "columns/raster.h"
#include "columns/spike_columns.h"

namespace spikeport::binding {

// Columns as lib/plan/columns.ts describes them.

std::shared_ptr<const Column> read_column(const Napi::Object& column);
std::shared_ptr<const SpikeTimes> read_spike_times(const Napi::Object& column);
std::unique_ptr<const Raster> read_raster(const Napi::Object& column);

std::vector<std::uint64_t> read_shape(const Napi::Value& value);

}  // namespace spikeport::binding
