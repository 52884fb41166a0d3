#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "spikes/trains.h"

namespace spikeport {

/** The time a recording covers, in ms; without a length it ends at the last spike. */
struct Window {
  double start = 0;
  std::optional<double> length;
};

/** What sealing found. */
struct SealReport {
  enum class Kind : std::uint8_t { none, not_finite, before_start, after_end };

  Kind problem = Kind::none;
  std::size_t unit = 0;
  double value = 0;
  double length = 0;
  /** The units of which sorted copies were made, ascending; the copies, one behind the other; and where each ends. */
  std::vector<std::size_t> sorted_units;
  std::shared_ptr<double[]> sorted_times;
  std::vector<std::size_t> sorted_ends;
};

/**
 * Checks every time of a recording against its window. Trains that are not in order are sorted where they are, or when
 * they are the caller's, a copy takes their place. Three steps, one after the other; the parts of `inspect` and `sort`
 * can be shared by several threads.
 */
class Sealing {
 public:
  Sealing(Trains& trains, const Window& window) : trains_(trains), window_(window), ordered_(trains.appended_count()) {}

  /** Looks at the next few units; returns whether there are more. */
  bool inspect();
  /** Sorts the next units that are not in order; returns whether there are more. */
  bool sort();
  /** Checks the window. The trains are sealed unless there is a problem. */
  SealReport finish();

 private:
  /** A unit that is not in order, and where it is sorted. */
  struct Unsorted {
    std::size_t unit;
    std::span<double> place;
  };

  /** Finds out, once, which units are to be sorted and where. */
  void lay_out();

  Trains& trains_;
  Window window_;
  /** Whether a unit's times are finite and in order; bytes, because threads write side by side. */
  std::vector<std::uint8_t> ordered_;
  std::atomic<std::size_t> next_inspected_ = 0;

  std::once_flag laid_out_;
  SealReport report_;
  std::vector<Unsorted> unsorted_;
  std::atomic<std::size_t> next_sorted_ = 0;
  /** The first sorted unit with a time that is not finite, and that time. */
  std::mutex problem_mutex_;
  std::optional<std::size_t> problem_unit_;
  double problem_value_ = 0;
};

/** All steps on this thread. Linear in the spikes, but for sorting. */
SealReport seal(Trains& trains, const Window& window);

}  // namespace spikeport
