#pragma once

// Which label most spikes of each unit have.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "kernels/element_type.h"

namespace spikeport {

/** For which units labels are counted. */
struct LabelRequest {
  /**
   * The row of each unit among those that are asked for; any other number for a unit that is not. The caller keeps it
   * alive.
   */
  std::span<const std::int32_t> rows;
  std::size_t row_count = 0;
  /** Spikes of these units have labels below this. */
  std::size_t label_count = 0;
  /** How many spikes there are in all. */
  std::size_t spike_count = 0;
  /** Into how many ranges spikes are divided, each for a thread of its own. */
  unsigned ranges = 1;
};

/**
 * Counts how many spikes of each unit have each label, and chooses the label that most of them have. Spikes come in
 * blocks: `begin` each, and `count` its ranges.
 */
class CommonLabels {
 public:
  explicit CommonLabels(const LabelRequest& request);

  /** The next block: the unit and the label of each spike. */
  void begin(const Numbers& units, const Numbers& labels);
  /** Counts a piece of a range; returns whether there are more. */
  bool count(unsigned range);
  /** The first spike of the block whose label is no whole number of 0 or more, or too high. */
  [[nodiscard]] std::optional<std::size_t> problem() const;

  /** Once all is counted: the label that most spikes of a row have, the lowest of several; -1 where there are none. */
  [[nodiscard]] std::int32_t most_common(std::size_t row) const;
  [[nodiscard]] std::size_t row_count() const { return request_.row_count; }
  [[nodiscard]] unsigned ranges() const { return request_.ranges; }

 private:
  /** Spikes that follow one another, and how many there are of each pair of a row and a label. */
  struct Range {
    std::size_t at = 0;
    std::size_t end = 0;
    std::optional<std::size_t> problem;
    /** Rows × labels; empty before the first spike, and where these are too many. */
    std::vector<std::uint32_t> counts;
    /** The counts that are not 0, by row × label count + label. */
    std::map<std::uint64_t, std::uint64_t> sparse;
  };

  void add(Range& range, std::uint64_t row, std::uint64_t label) const;

  LabelRequest request_;
  /** Whether each pair has a count. */
  bool is_dense_ = false;
  Numbers units_;
  Numbers labels_;
  std::vector<Range> ranges_;
};

}  // namespace spikeport
