#pragma once

// Makes spike trains in a file of the runs of a spool.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/job.h"
#include "kernels/sort.h"
#include "spikes/file_spike_trains.h"
#include "spikes/sealing.h"
#include "spikes/spool.h"
#include "spikes/value_layout.h"

namespace spikeport {

/**
 * Merges runs: for a range of units at a time, it gathers their spikes from all runs, sorts the trains that are not in
 * order, checks them against the window and writes them where they belong. A train that is larger than a range is
 * sorted in pieces, which are merged. Trains that came in order stay in the runs, unless those have few spikes of each
 * unit. The trains are the same, bit for bit, as those that are sealed in memory.
 *
 * Call `begin` once, `merge_some` until it returns false, by any number of participants, then `finish`.
 */
class SpoolMerge {
 public:
  /**
   * @param spool no spikes come any more, and all runs but the one handed over last are written
   * @param range_spikes the spikes that one participant has in memory, of up to 24 bytes each, or with values up to 32
   *   and twice their records
   * @param unit_count no fewer units than this, and than the highest unit number plus 1
   */
  SpoolMerge(std::shared_ptr<Spool> spool, const RecordingWindow& window, std::optional<std::size_t> unit_count,
             std::size_t range_spikes, unsigned participants);

  /** Writes the last run, in pieces; one that is all there is needs no merge. Returns whether there is more. */
  bool begin();
  bool merge_some(const Job& job, unsigned participant);
  /** How many spikes were put in their place since the last call. */
  std::uint64_t take_settled() { return settled_.exchange(0); }
  /** Checks the window; the trains are whole unless there is a problem. */
  SealReport finish() { return seal_report(trains_->facts(), window_); }

  /** Frees the trains after a failure. */
  void discard();

  [[nodiscard]] const std::shared_ptr<FileSpikeTrains>& trains() const { return trains_; }

 private:
  /** Units that one participant merges at a time. */
  struct Range {
    std::size_t begin;
    std::size_t end;
  };

  /** The memory of one participant. */
  struct Memory {
    std::vector<double> times;
    std::vector<double> scratch;
    std::vector<std::byte> values;
    std::vector<std::byte> value_scratch;
    kernels::RecordSortMemory sorting;
    std::vector<std::size_t> places;
    std::vector<RunEntry> entries;
  };

  /** Whether all times came in order, and those of a unit lie together well enough to be read where they are. */
  [[nodiscard]] bool may_stay_in_runs() const;
  /** Makes trains that are read from the runs. */
  void leave_in_runs();
  /** Makes a file of trains, with room for all spikes. */
  void make_trains();
  void add_trains(std::shared_ptr<StoredTimes> times);
  std::optional<Range> next_range();
  void merge(const Range& range, Memory& memory);
  /** Copies a unit that is larger than a range, piece by piece, when its times came in order. */
  void copy_large(const Job& job, std::size_t unit, Memory& memory);
  /** Sorts a unit that is larger than a range: pieces of it first, which are then merged. */
  void sort_large(const Job& job, std::size_t unit, Memory& memory);
  /** Merges sorted pieces of `piece` times each in a file. */
  void merge_pieces(const Job& job, std::size_t unit, const platform::File& pieces, std::size_t piece, Memory& memory);
  /** Calls `visit(times, values)` for all spikes of a unit in the order they came, some at a time, in the participant's
   * memory. */
  template <typename Visit>
  void for_each_piece(const Job& job, std::size_t unit, Memory& memory, Visit visit);
  /**
   * Calls `visit(run, first time, entries)` for each run that has spikes of these units, `first time` being the number
   * of the entries' first spike within the run.
   */
  template <typename Visit>
  void for_each_run(const Range& range, std::vector<RunEntry>& entries, Visit visit) const;
  /** Takes note of the first and the last time of a train, or of a piece of it. */
  void note(std::size_t unit, std::span<const double> times);
  /** Sorts spikes of a unit by time, and their values with them. */
  void sort(std::span<double> times, const kernels::Records& values, Memory& memory) const;
  /** Writes times and values to their places; `first` is numbered through all units. */
  void write(std::span<const double> times, const kernels::Records& values, std::uint64_t first);
  /** Where a column begins in the file of the trains: behind the times and the columns before it. */
  [[nodiscard]] std::uint64_t column_offset(std::size_t column) const;
  /** Room for the records of so many spikes. */
  [[nodiscard]] kernels::Records records_in(std::vector<std::byte>& memory, std::size_t count) const;
  [[nodiscard]] const ValueLayout& layout() const { return spool_->settings().values; }

  std::shared_ptr<Spool> spool_;
  RecordingWindow window_;
  std::optional<std::size_t> unit_count_;
  std::size_t range_spikes_;
  bool is_whole_ = false;
  std::vector<Memory> memories_;
  /** The file has the times of all units, and then each column of values. */
  std::shared_ptr<SpooledTimes> times_;
  std::shared_ptr<FileSpikeTrains> trains_;

  std::mutex mutex_;
  std::size_t next_unit_ = 0;
  std::atomic<std::uint64_t> settled_ = 0;
};

}  // namespace spikeport
