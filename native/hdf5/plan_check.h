#pragma once

#include "hdf5/plan.h"

namespace spikeport::hdf5 {

/**
 * Throws a ValueError for what no file can hold: a reference to what the plan does not have, or a text with a zero in
 * it, where readers would end it.
 */
void check(const Plan& plan);

}  // namespace spikeport::hdf5
