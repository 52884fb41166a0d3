#pragma once

// Makes spike trains of times that stay in the file where they are.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/job.h"
#include "spikes/file_spike_trains.h"
#include "spikes/stored_times.h"
#include "spikes/stored_values.h"
#include "spikes/train_inspection.h"

namespace spikeport {

/** Where the spikes of all units are, one unit after the other. */
struct FoundTrains {
  TimesPlace times;
  /** What each spike has besides. */
  std::vector<ValuesPlace> values;
};

/** Where trains are to be found. */
struct TrainsToFind {
  /** Finds the spikes; nothing where they cannot stay. Once. */
  std::function<std::optional<FoundTrains>()> find;
  /** Where that runs, and where it is destroyed. */
  ThreadPool& threads;
  /** Cumulative end counts, one a unit, which outlive the job. */
  std::span<const std::int64_t> ends;
};

/**
 * Makes spike trains of times without a copy of them. That takes trains that are finite and in order: one pass finds
 * that out.
 */
class TrainsInPlace : public std::enable_shared_from_this<TrainsInPlace> {
 public:
  explicit TrainsInPlace(TrainsToFind trains) : wanted_(std::move(trains)) {}

  /** @param threads the most threads that may work on it */
  [[nodiscard]] std::shared_ptr<Job> job(unsigned threads);
  /** Once the job has ended: the trains, null where they cannot stay. */
  [[nodiscard]] const std::shared_ptr<FileSpikeTrains>& trains() const { return trains_; }

 private:
  void find() { found_ = wanted_.find(); }
  /** Makes trains, yet to be inspected, of what was found. */
  void begin();
  void finish();
  /** Lets go of all that is not the result, and of that too after a failure. */
  void release();

  TrainsToFind wanted_;
  std::optional<FoundTrains> found_;
  std::shared_ptr<FileSpikeTrains> trains_;
  std::optional<TrainInspection> inspection_;
  bool is_finished_ = false;
};

}  // namespace spikeport
