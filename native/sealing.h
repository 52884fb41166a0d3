#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "trains.h"

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
  /** Units that were not in order, ascending, and their sorted times, one unit behind the other. */
  std::vector<std::size_t> sorted_units;
  std::shared_ptr<double[]> sorted_times;
  std::size_t sorted_count = 0;
};

/**
 * Checks every time of a recording against its window, and puts a sorted copy in the place of each train that is not in
 * order. Three steps, one after the other; the parts of `inspect` and `sort` can be shared by several threads.
 */
class Sealing {
 public:
  Sealing(Trains& trains, const Window& window) : trains_(trains), window_(window), ordered_(trains.unit_count()) {}

  /** Looks at the next few units; returns whether there are more. */
  bool inspect();
  /** Copies the next unit that is not in order and sorts the copy; returns whether there are more. */
  bool sort();
  /** Checks the window. The trains are sealed unless there is a problem. */
  SealReport finish();

 private:
  /** Finds out, once, which units are to be sorted and where their copies go. */
  void lay_out();

  Trains& trains_;
  Window window_;
  /** Whether a unit's times are finite and in order; bytes, because threads write side by side. */
  std::vector<std::uint8_t> ordered_;
  std::atomic<std::size_t> next_inspected_ = 0;

  std::once_flag laid_out_;
  SealReport report_;
  /** Where each of the copies begins. */
  std::vector<std::size_t> offsets_;
  std::atomic<std::size_t> next_sorted_ = 0;
  /** The first sorted unit with a time that is not finite, and that time. */
  std::mutex problem_mutex_;
  std::optional<std::size_t> problem_unit_;
  double problem_value_ = 0;
};

/** All steps on this thread. Linear in the spikes, but for sorting. */
SealReport seal(Trains& trains, const Window& window);

}  // namespace spikeport
