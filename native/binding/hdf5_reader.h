#pragma once

#include <napi.h>

#include "hdf5/plan.h"

namespace spikeport::binding {

/** A plan as lib/plan/hdf5-tree.ts describes them. */
hdf5::Plan read_hdf5_plan(const Napi::Object& plan);

}  // namespace spikeport::binding
