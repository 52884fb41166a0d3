#pragma once

// Checks of a plan that are too long for the JS thread.

#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/**
 * Throws a ValueError for what no file can hold: a reference to what the plan does not have, texts whose ends are not
 * in order, or a text with a zero in it, where readers would end it. Linear in the bytes of all texts.
 */
void check(const Plan& plan);

}  // namespace spikeport::hdf5
