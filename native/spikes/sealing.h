#pragma once

// Sealing: the one check of all spike times, which also sorts them, before anything is exported.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "spikes/memory_spike_trains.h"

namespace spikeport {

/** The time a recording covers, in ms; without a length it ends at the last spike. */
struct RecordingWindow {
  double start = 0;
  std::optional<double> length;
};

/** The result of sealing. */
struct SealReport {
  enum class Problem : std::uint8_t { none, not_finite, before_start, after_end };

  Problem problem = Problem::none;
  /** The first unit with a problem, and the time that is one. */
  std::size_t unit = 0;
  double value = 0;
  /** The length of the window in ms. */
  double length = 0;
  /** The first unit whose times were not in order. */
  std::optional<std::size_t> first_reordered;
  /** The units of which sorted copies were made, ascending; the copies, contiguous; and where each ends. */
  std::vector<std::size_t> sorted_units;
  std::shared_ptr<double[]> sorted_times;
  std::vector<std::size_t> sorted_ends;
};

/**
 * Checks every spike time of a recording against its window. Trains that are not in order are sorted in place, or, when
 * they are the caller's, replaced by a sorted copy.
 *
 * Call `inspect` until it returns false, then `sort` until it returns false, then `finish`. Several threads can share
 * the calls of `inspect`, and those of `sort`.
 */
class Sealing {
 public:
  /**
   * @param falls of trains that lie in one array, unit by unit: every place whose time is not at least the one before
   * it, ascending. What is known already need not be looked for
   */
  Sealing(MemorySpikeTrains& trains, const RecordingWindow& window,
          std::optional<std::vector<double>> falls = std::nullopt);

  /** Finds out which of the next few units are in order; returns whether there are more. */
  bool inspect();
  /** Sorts the next units that are not in order; returns whether there are more. */
  bool sort();
  /** How many spikes were found, or put, in order since the last call. */
  std::uint64_t take_settled() { return settled_.exchange(0); }
  /** Checks the window. The trains are sealed unless there is a problem. */
  SealReport finish();

 private:
  /** A unit that is not in order, and where its times are sorted. */
  struct Unsorted {
    std::size_t unit;
    std::span<double> place;
  };

  /** Finds out which units are in order from where times fall. */
  void inspect_falls();
  /** Lists the units to be sorted and allocates their copies. */
  void lay_out();

  MemorySpikeTrains& trains_;
  RecordingWindow window_;
  std::optional<std::vector<double>> falls_;
  /** Whether a unit's times are finite and in order; bytes, because several threads write adjacent ones. */
  std::vector<std::uint8_t> ordered_;
  /** Units of one step. */
  std::size_t step_;
  std::atomic<std::size_t> next_inspected_ = 0;
  std::atomic<std::uint64_t> settled_ = 0;

  std::once_flag laid_out_;
  SealReport report_;
  std::vector<Unsorted> unsorted_;
  std::atomic<std::size_t> next_sorted_ = 0;
  /** The first unsorted unit with a time that is not finite, and that time. */
  std::mutex problem_mutex_;
  std::optional<std::size_t> problem_unit_;
  double problem_value_ = 0;
};

/** All steps on this thread. Linear in the spikes, except for sorting. */
SealReport seal(MemorySpikeTrains& trains, const RecordingWindow& window);

}  // namespace spikeport
