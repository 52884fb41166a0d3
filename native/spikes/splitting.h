#pragma once

// Splits parallel arrays of unit numbers and times by unit.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace spikeport {

/** Spikes unit by unit, each unit's in the order they came; or why they cannot be. */
struct SplitReport {
  std::size_t unit_count = 0;
  std::shared_ptr<double[]> times;
  /** Cumulative end counts, one a unit. */
  std::shared_ptr<std::int64_t[]> ends;
  /** The first entry that is no unit number below the number of units. */
  std::optional<std::size_t> problem;
  /** The highest unit number, where it is above all that are allowed. */
  std::optional<double> too_high;
};

/**
 * A stable counting sort of parallel arrays of unit numbers and times by unit, in pieces. Numbers that change between
 * two passes are a problem, and nothing else.
 */
template <typename Number>
class Splitting {
 public:
  /**
   * @param unit_count without it, the highest unit number plus 1
   * @param most_units more units are not counted
   */
  Splitting(std::span<const Number> idces, std::span<const double> times, std::optional<std::size_t> unit_count,
            std::size_t most_units);

  /** Does the next piece; returns whether there are more. */
  bool step();
  /** What has come of it, once there are no more pieces. */
  [[nodiscard]] const SplitReport& report() const { return report_; }

 private:
  enum class Pass : std::uint8_t { highest, count, place, done };

  void find_highest(std::span<const Number> piece);
  void count(std::span<const Number> piece);
  void place(std::span<const Number> piece);
  /** Goes on to the next pass. */
  void end_pass();
  void begin_counting(std::size_t unit_count);

  std::span<const Number> idces_;
  std::span<const double> times_;
  /** The number of units that was asked for, until the first step. */
  std::optional<std::size_t> unit_count_;
  std::size_t most_units_;
  Pass pass_ = Pass::highest;
  /** Where the pass is. */
  std::size_t at_ = 0;
  double highest_ = -1;
  /** Where a unit's next spike goes, and its end; side by side, as spikes come in any order. */
  struct Place {
    std::int64_t next = 0;
    std::int64_t end = 0;
  };

  /** By unit; while they are counted, `next` is how many spikes a unit has. */
  std::vector<Place> places_;
  SplitReport report_;
};

}  // namespace spikeport
