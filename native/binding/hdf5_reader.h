#pragma once

// Reads plans of HDF5 files.

#include "binding/fields.h"
#include "hdf5/model/plan.h"

namespace spikeport::binding {

/** A plan as lib/engine/plan/hdf5-tree.ts describes it. */
hdf5::Plan read_hdf5_plan(Fields& plan);

/** One of its objects. */
hdf5::Object read_hdf5_object(Fields& object);

}  // namespace spikeport::binding
