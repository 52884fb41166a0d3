// The order in which a paged file has its objects.
#pragma once

#include <cstdint>
#include <vector>

#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** Roughly how many bytes, of those that there can be many of. */
std::uint64_t rough_size(const Object& object);

/**
 * Sorts the objects of a paged file by their size, so that small datasets are together in its first pages, and has
 * their chunks fill pages. Groups, which precede what is in them, have no size.
 */
void arrange_for_pages(std::vector<Object>& objects);

}  // namespace spikeport::hdf5
