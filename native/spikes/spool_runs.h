#pragma once

// Spike trains that stay in the runs of a spool.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "platform/file.h"
#include "spikes/spool.h"
#include "spikes/stored_times.h"
#include "spikes/stored_values.h"
#include "spikes/value_layout.h"

namespace spikeport {

/**
 * The runs of a spool whose times all came in order: the train of a unit is its stretches in all runs, one after the
 * other. They are read where they are, so that spikes are written once.
 */
class SpoolRuns {
 public:
  /** The fewest spikes of a stretch, on average, for which reading each by itself is not slow. */
  static constexpr std::uint64_t least_stretch = 1024;

  /**
   * Reads where the stretches are, of 12 bytes each.
   * @param runs in the order in which they were written
   * @param unit_count more than the highest unit number in them
   */
  SpoolRuns(platform::File file, std::vector<SpoolRun> runs, std::size_t unit_count);

  /** Reads times of spikes that are numbered through all units in order. From any thread. */
  void read_times(std::uint64_t first, std::span<double> times) const;
  /** Reads the records of such spikes. */
  void read_records(std::uint64_t first, const kernels::Records& records) const;

 private:
  /** Calls `visit(run, place within the run, count)` for the stretches of spikes `first` to `first + count - 1`. */
  template <typename Visit>
  void for_each_stretch(std::uint64_t first, std::size_t count, Visit visit) const;

  platform::File file_;
  std::vector<SpoolRun> runs_;
  // Of each unit's stretch in each run, unit by unit:
  /** The number of its first spike, through all units; an empty stretch has that of the next. */
  std::vector<std::uint64_t> firsts_;
  /** The place of that spike in its run. */
  std::vector<std::uint32_t> places_;
};

/** Times in the runs of a spool. */
class TimesInRuns final : public StoredTimes {
 public:
  explicit TimesInRuns(std::shared_ptr<const SpoolRuns> runs) : runs_(std::move(runs)) {}

  void read(std::uint64_t first, std::span<double> times) const override;
  void close() override { runs_.reset(); }

 private:
  std::shared_ptr<const SpoolRuns> runs_;
};

/** A column of values in the runs of a spool. */
class ValuesInRuns final : public StoredValues {
 public:
  ValuesInRuns(std::shared_ptr<const SpoolRuns> runs, const ValueLayout& layout, std::size_t column)
      : StoredValues(layout.types()[column]), runs_(std::move(runs)), layout_(layout), column_(column) {}

  void read(std::uint64_t first, std::span<std::byte> values) const override;
  void close() override { runs_.reset(); }

 private:
  std::shared_ptr<const SpoolRuns> runs_;
  ValueLayout layout_;
  std::size_t column_;
};

}  // namespace spikeport
