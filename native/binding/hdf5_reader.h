#pragma once

#include <napi.h>

#include "hdf5/model/plan.h"

namespace spikeport::binding {

/** A plan as lib/engine/plan/hdf5-tree.ts describes them. */
hdf5::Plan read_hdf5_plan(const Napi::Object& plan);

}  // namespace spikeport::binding
