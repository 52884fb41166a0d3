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
  /** Nothing where the times that were given are those. */
  std::shared_ptr<double[]> times;
  /** Cumulative end counts, one a unit. */
  std::shared_ptr<std::int64_t[]> ends;
  /** The first entry that is no unit number below the number of units. */
  std::optional<std::size_t> problem;
  /** The highest unit number, where it is above all that are allowed. */
  std::optional<double> too_high;
};

/** What spikes are split into, and how. */
struct SplitRequest {
  /** Without it, the highest unit number plus 1. */
  std::optional<std::size_t> unit_count = std::nullopt;
  /** More units are not counted. */
  std::size_t most_units = 0;
  /** Whether the given times stay where they are if they come unit by unit. */
  bool keeps_times = false;
  /** How many ranges there are. */
  unsigned ranges = 1;
};

/**
 * A stable counting sort of parallel arrays of unit numbers and times by unit: up to three passes over ranges of the
 * spikes, each range on a thread of its own. All ranges have ended one pass before `begin_…` begins the next.
 *
 * The first pass counts, too, as long as unit numbers are low, and finds spikes that come unit by unit: then there is
 * nothing more to do.
 */
class Splitting {
 public:
  Splitting() = default;
  virtual ~Splitting() = default;
  Splitting(const Splitting&) = delete;
  Splitting& operator=(const Splitting&) = delete;

  // The passes. Each call does a piece of a range, and returns whether there are more.
  virtual bool inspect(unsigned range) = 0;
  virtual bool count(unsigned range) = 0;
  virtual bool place(unsigned range) = 0;

  // What one thread does between the passes, and after the last.
  virtual void begin_counting() = 0;
  virtual void begin_placing() = 0;
  virtual void finish() = 0;

  /** What has come of it, once it is finished. */
  [[nodiscard]] virtual const SplitReport& report() const = 0;
};

/** The same for one type of unit numbers. Numbers that change between two passes are a problem, and nothing else. */
template <typename Number>
class SplittingOf final : public Splitting {
 public:
  SplittingOf(std::span<const Number> idces, std::span<const double> times, const SplitRequest& request);

  bool inspect(unsigned range) override;
  bool count(unsigned range) override;
  bool place(unsigned range) override;
  void begin_counting() override;
  void begin_placing() override;
  void finish() override;
  [[nodiscard]] const SplitReport& report() const override { return report_; }

 private:
  /** Where a unit's next spike goes, and its end; side by side, as spikes come in any order. */
  struct Place {
    std::int64_t next = 0;
    std::int64_t end = 0;
  };

  /** Spikes that follow one another. */
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
    /** Where the pass is. */
    std::size_t at = 0;
    /** The highest number that the first pass has not counted. */
    double highest = -1;
    /** Whether the first pass has counted all. */
    bool is_counted = true;
    /** Whether no number is below the one before it. */
    bool is_ascending = true;
    /** The first entry that is no unit number. */
    std::optional<std::size_t> problem;
    /** By unit; while they are counted, `next` is how many spikes a unit has in the range. */
    std::vector<Place> places;
  };

  void divide(std::size_t ranges);
  /** The highest number, which the first pass has found. */
  [[nodiscard]] double highest() const;
  /** Takes the next piece of a range, and moves on. */
  std::span<const Number> next_piece(Range& range);
  /** Takes over the first problem of all ranges. */
  void find_problem();

  std::span<const Number> idces_;
  std::span<const double> times_;
  SplitRequest request_;
  std::vector<Range> ranges_;
  /** Whether the spikes come unit by unit. */
  bool is_by_unit_ = false;
  SplitReport report_;
};

}  // namespace spikeport
