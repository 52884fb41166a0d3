// Spike trains of a dataset that stay where they are in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/job.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/stored_units.h"
#include "kernels/decode.h"
#include "spikes/file_spike_trains.h"
#include "spikes/train_inspection.h"

namespace spikeport::hdf5 {

/** Trains that lie one after the other in a dataset, or each in one of a group. */
struct TrainsRequest {
  /** Of the dataset, or of the group. */
  std::string path;
  /** Of a group: its datasets. */
  std::shared_ptr<const StoredUnits> units;
  /** Cumulative end counts, one a unit, which outlive the job. */
  std::span<const std::int64_t> ends;
  /** What makes ms of a number. */
  kernels::Scaling scaling;
  /** Datasets with a value of each spike, in the same order. */
  std::vector<std::string> values;
};

/**
 * Makes spike trains of datasets without a copy of them. That takes elements that lie together, as they are, and trains
 * that are finite and in order: one pass finds that out. Values of the spikes have to lie together as well.
 */
class TrainsInPlace : public std::enable_shared_from_this<TrainsInPlace> {
 public:
  TrainsInPlace(std::shared_ptr<OpenFile> file, TrainsRequest request)
      : file_(std::move(file)), request_(std::move(request)) {}

  /** @param threads the most threads that may work on it */
  [[nodiscard]] std::shared_ptr<Job> job(unsigned threads);
  /** Once the job has ended: the trains, null where they cannot stay. */
  [[nodiscard]] const std::shared_ptr<FileSpikeTrains>& trains() const { return trains_; }

 private:
  /** On the HDF5 thread: finds out where the elements lie. */
  void resolve();
  [[nodiscard]] std::vector<TimesRun> runs_of_dataset() const;
  /** The same of values; returns whether they lie together. */
  bool resolve_values(const std::string& path);
  /** Makes trains, yet to be inspected, of what lies together. */
  void begin();
  void finish();
  /** Lets go of all that is not the result, and of that too after a failure. */
  void release();

  /** Until the job has ended. */
  std::shared_ptr<OpenFile> file_;
  TrainsRequest request_;
  std::optional<TimesPlace> place_;
  std::vector<ValuesPlace> value_places_;
  std::shared_ptr<FileSpikeTrains> trains_;
  std::optional<TrainInspection> inspection_;
  bool is_finished_ = false;
};

}  // namespace spikeport::hdf5
