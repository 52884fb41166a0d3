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

/** Numbers of any type, one a spike. The caller keeps them alive. */
struct SpikeNumbers {
  ElementType type = ElementType::f64;
  std::span<const std::byte> bytes;

  [[nodiscard]] std::size_t count() const { return bytes.size() / size_of(type); }
};

/** The labels of spikes, and for which units they are counted. */
struct LabelRequest {
  /** The unit of each spike. */
  SpikeNumbers units;
  SpikeNumbers labels;
  /** The row of each unit among those that are asked for; any other number for a unit that is not. */
  std::span<const std::int32_t> rows;
  /** Spikes of these units have labels below this. */
  std::size_t label_count = 0;
  /** How many ranges of spikes are counted, each on a thread of its own. */
  unsigned ranges = 1;
};

/** Counts how many spikes of each unit have each label, and chooses the label that most of them have. */
class CommonLabels {
 public:
  /** @param chosen one a row, to be filled. The caller keeps it alive. */
  CommonLabels(const LabelRequest& request, std::span<std::int32_t> chosen);

  /** Counts a piece of a range; returns whether there are more. */
  bool count(unsigned range);

  /** Once all is counted, chooses the labels of some rows; returns whether there are more. */
  bool choose();

  /** The first spike whose label is no whole number of 0 or more, or too high. */
  [[nodiscard]] std::optional<std::size_t> problem() const;

 private:
  /** Spikes that follow one another, and how many of them there are of each pair of a row and a label. */
  struct Range {
    std::size_t at = 0;
    std::size_t end = 0;
    std::optional<std::size_t> problem;
    /** Rows × labels; empty where these are too many. */
    std::vector<std::uint32_t> counts;
    /** The counts that are not 0, by row × label count + label. */
    std::map<std::uint64_t, std::uint64_t> sparse;
  };

  void add(Range& range, std::uint64_t row, std::uint64_t label) const;
  /** The label that most spikes of a row have, the lowest of several; -1 where there are none. */
  [[nodiscard]] std::int32_t most_common(std::uint64_t row) const;

  LabelRequest request_;
  std::span<std::int32_t> chosen_;
  std::vector<Range> ranges_;
  std::size_t next_row_ = 0;
};

}  // namespace spikeport
