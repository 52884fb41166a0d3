// Spike trains of datasets that stay where they are in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hdf5/reading/open_file.h"
#include "hdf5/reading/stored_units.h"
#include "kernels/decode.h"
#include "spikes/trains_in_place.h"

namespace spikeport::hdf5 {

/** Trains that lie one after the other in a dataset, or each in one of a group. */
struct TrainsRequest {
  /** Of the dataset, or of the group. */
  std::string path;
  /** Of a group: its datasets, whose ends these are. */
  std::shared_ptr<const StoredUnits> units;
  /** Cumulative end counts, one a unit, which outlive the job. */
  std::span<const std::int64_t> ends;
  /** What makes ms of a number. */
  kernels::Scaling scaling;
  /** Datasets with a value of each spike, in the same order. */
  std::vector<std::string> values;
};

/** Makes spike trains of elements, and values, that lie together as they are: not in chunks, and of a type of numbers.
 */
std::shared_ptr<TrainsInPlace> stored_trains(std::shared_ptr<OpenFile> file, TrainsRequest request);

}  // namespace spikeport::hdf5
