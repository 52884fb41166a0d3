#pragma once

// Spikes of all units in any order, on their way to a file that has them unit by unit.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/sort_by_unit.h"
#include "platform/file.h"
#include "spikes/unit_number.h"
#include "spikes/value_layout.h"

namespace spikeport {

/** The spikes of one run, in the order they came. Takes memory for a few first, and for all when more come. */
class SpikeBuffer {
 public:
  SpikeBuffer() = default;
  /** @param record_size the bytes of a spike's values */
  explicit SpikeBuffer(std::size_t record_size) : record_size_(record_size) {}

  /** Makes room for `count` spikes more, but for no more than `most` in all. */
  void make_room(std::size_t count, std::size_t most);

  [[nodiscard]] std::size_t size() const { return size_; }
  void add(std::size_t count) { size_ += count; }
  void clear() { size_ = 0; }
  [[nodiscard]] kernels::SpikeColumns spikes() const { return part(0, size_); }
  [[nodiscard]] kernels::SpikeColumns rest() const { return part(size_, capacity_ - size_); }

 private:
  [[nodiscard]] kernels::SpikeColumns part(std::size_t first, std::size_t count) const {
    return {.units = {units_.get() + first, count},
            .times = {times_.get() + first, count},
            .values = {.bytes = {values_.get() + first * record_size_, count * record_size_}, .size = record_size_}};
  }

  std::size_t record_size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::unique_ptr<std::uint32_t[]> units_;
  std::unique_ptr<double[]> times_;
  std::unique_ptr<std::byte[]> values_;
};

/** One unit's spikes in a run. */
using RunEntry = kernels::UnitEnd;

/** A run in the spool: its entries, by ascending unit, then the times of its spikes, unit by unit, and their records.
 */
struct SpoolRun {
  /** Between two landmarks in memory there are this many entries on the disk. */
  static constexpr std::size_t stride = 512;

  std::uint64_t offset;
  std::size_t entry_count;
  std::size_t spike_count;
  /** The unit of every entry whose number is a multiple of `stride`. */
  std::vector<std::uint32_t> landmarks;

  [[nodiscard]] std::uint64_t times_offset() const { return offset + entry_count * sizeof(RunEntry); }
  [[nodiscard]] std::uint64_t values_offset() const { return times_offset() + spike_count * sizeof(double); }
};

class SpoolRuns;

/** What is known of the spikes of all units, one entry a unit up to the highest that came. */
struct SpooledUnits {
  std::vector<std::uint64_t> counts;
  /** The time that came first, and that which came last. */
  std::vector<double> first;
  std::vector<double> last;
  /** Whether a time came that is not at least the one before it. */
  std::vector<bool> falls;
};

/** A spike that cannot be taken. */
struct SpikeProblem {
  enum class Kind : std::uint8_t { unit, not_finite, before_start, after_end };

  Kind kind;
  double unit;
  double time;
};

/**
 * Spikes come in batches of any size, unit numbers, times and values. They fill a run in memory; a full one is sorted
 * by unit, and written to a file without a path while the next one fills. SpoolMerge makes spike trains of the runs.
 *
 * `append` and `hand_over` are for one thread, the JS thread; `write_some` is for one other at a time.
 */
class Spool {
 public:
  struct Settings {
    /** Where the file is made, and what errors call it. */
    std::string folder;
    std::string name;
    /** The spikes of a run. Three times as many are in memory, of 12 bytes and a record of values each. */
    std::size_t run_spikes;
    /** Units from 0 to this number less one may come. */
    std::size_t most_units;
    /** No time may be before or after these. */
    double first_time = std::numeric_limits<double>::lowest();
    double last_time = std::numeric_limits<double>::max();
    /** The values that come with each spike. */
    ValueLayout values;
  };
  /** Values of each column, for the spikes that they come with; elements of the column's type. */
  using Values = std::span<const std::span<const std::byte>>;

  explicit Spool(Settings settings);

  // Filling:

  /**
   * Takes spikes until the run is full, or until one that cannot be taken: then `problem` is what is wrong with it.
   * Returns how many were taken: no more than there are units, times or values. The numbers may change meanwhile.
   * @param values as many columns as the settings have
   */
  template <typename Unit, typename Time>
  std::size_t append(std::span<const Unit> units, std::span<const Time> times, Values values = {});
  /** The same for spikes of one unit. */
  template <typename Time>
  std::size_t append(double unit, std::span<const Time> times, Values values = {});
  [[nodiscard]] const std::optional<SpikeProblem>& problem() const { return problem_; }
  [[nodiscard]] bool is_full() const { return filling_.size() == settings_.run_spikes; }
  /** How many spikes were taken. */
  [[nodiscard]] std::uint64_t spike_count() const { return spike_count_; }

  /** Makes what has come the next run to be written, and room for more. Not before the last one is. */
  void hand_over();

  // Writing:

  /** Writes a piece of the run that was handed over; returns whether there is more. */
  bool write_some();

  // For SpoolMerge, when nothing comes any more:

  [[nodiscard]] const Settings& settings() const { return settings_; }
  /** Sorts what was handed over last, without writing it; the spikes stay until the spool is destroyed. */
  kernels::SpikesByUnit sort_last();
  [[nodiscard]] const platform::File& file() const { return file_; }
  [[nodiscard]] std::span<const SpoolRun> runs() const { return runs_; }
  /** Leaves the file with the runs to others. */
  [[nodiscard]] std::shared_ptr<const SpoolRuns> take_runs();
  [[nodiscard]] SpooledUnits& units() { return units_; }
  /** A file without a path, in the same folder. */
  [[nodiscard]] platform::File another_file() const;
  /** Frees the memory of spikes. */
  void free_buffers();
  /** Frees everything, when no other thread uses it any more. */
  void close();

 private:
  /** As many of some spikes as have values. */
  [[nodiscard]] std::size_t with_values(std::size_t spikes, Values values) const;
  /**
   * Checks the next times of the run, of which `units` have a number, and takes them as far as they can be, with their
   * values.
   */
  std::size_t take(std::size_t units, std::optional<double> refused_unit, Values values);
  /** Sorts the spikes that were handed over, and takes note of each unit's. */
  void sort_run();

  Settings settings_;

  SpikeBuffer filling_;
  std::optional<SpikeProblem> problem_;
  std::uint64_t spike_count_ = 0;

  /** What is written, and memory to sort it. */
  SpikeBuffer writing_;
  SpikeBuffer scratch_;
  kernels::SpikesByUnit sorted_;
  std::vector<RunEntry> entries_;
  /** How many bytes of the run are written. */
  std::optional<std::uint64_t> written_;

  platform::File file_;
  std::uint64_t file_size_ = 0;
  std::vector<SpoolRun> runs_;
  SpooledUnits units_;
};

template <typename Unit, typename Time>
std::size_t Spool::append(std::span<const Unit> units, std::span<const Time> times, Values values) {
  const std::size_t given = with_values(std::min(units.size(), times.size()), values);
  filling_.make_room(given, settings_.run_spikes);
  const auto rest = filling_.rest();
  const std::size_t count = std::min(given, rest.units.size());
  for (std::size_t i = 0; i < count; i++) {
    // Read once: another thread may write to it.
    const Unit number = units[i];
    const auto unit = unit_number(number, settings_.most_units);
    if (!unit) return take(i, static_cast<double>(number), values);
    rest.units[i] = static_cast<std::uint32_t>(*unit);
    rest.times[i] = static_cast<double>(times[i]);
  }
  return take(count, std::nullopt, values);
}

template <typename Time>
std::size_t Spool::append(double unit, std::span<const Time> times, Values values) {
  const std::size_t given = with_values(times.size(), values);
  filling_.make_room(given, settings_.run_spikes);
  const auto rest = filling_.rest();
  const std::size_t count = std::min(given, rest.units.size());
  const auto number = unit_number(unit, settings_.most_units);
  if (!number) return take(0, unit, values);
  std::fill_n(rest.units.begin(), count, static_cast<std::uint32_t>(*number));
  for (std::size_t i = 0; i < count; i++) rest.times[i] = static_cast<double>(times[i]);
  return take(count, std::nullopt, values);
}

}  // namespace spikeport
