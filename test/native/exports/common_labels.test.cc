#include "spikes/common_labels.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace spikeport {
namespace {

struct Found {
  std::vector<std::int32_t> labels;
  std::optional<std::size_t> problem;
};

/** Finds the labels of spikes that come in blocks of some size. */
template <typename Unit, typename Label>
Found common_labels(ElementType unit_type, const std::vector<Unit>& units, ElementType label_type,
                    const std::vector<Label>& all, LabelRequest request, std::size_t block) {
  Found found;
  request.spike_count = units.size();
  CommonLabels labels(request);
  for (std::size_t from = 0; from < units.size(); from += block) {
    const std::size_t count = std::min(block, units.size() - from);
    labels.begin({.type = unit_type, .bytes = std::as_bytes(std::span(units).subspan(from, count))},
                 {.type = label_type, .bytes = std::as_bytes(std::span(all).subspan(from, count))});
    for (unsigned range = 0; range < request.ranges; range++) {
      while (labels.count(range)) continue;
    }
    if (const auto problem = labels.problem()) {
      found.problem = from + *problem;
      return found;
    }
  }
  for (std::size_t row = 0; row < request.row_count; row++) found.labels.push_back(labels.most_common(row));
  return found;
}

TEST_CASE("common_labels: the most common label of each unit, the lowest of several") {
  constexpr std::size_t spikes = 150'001;
  std::vector<std::uint16_t> units(spikes);
  std::vector<std::int32_t> labels(spikes);
  // Every other unit is asked for, from the last on.
  std::vector<std::int32_t> rows(60, -1);
  for (std::size_t unit = 0; unit < 60; unit += 2) rows[unit] = static_cast<std::int32_t>(30 - unit / 2);
  std::vector<std::map<std::int32_t, int>> counts(31);
  for (std::size_t i = 0; i < spikes; i++) {
    units[i] = static_cast<std::uint16_t>((i * 31) % 58);
    labels[i] = static_cast<std::int32_t>((i * i / 7) % (5 + units[i]));
    if (rows[units[i]] >= 0) counts[static_cast<std::size_t>(rows[units[i]])][labels[i]]++;
  }
  std::vector<std::int32_t> expected(31, -1);
  for (std::size_t row = 0; row < counts.size(); row++) {
    int most = 0;
    for (const auto& [label, count] : counts[row]) {
      if (count <= most) continue;
      most = count;
      expected[row] = label;
    }
  }
  REQUIRE(expected[0] == -1);
  REQUIRE(expected[30] >= 0);
  // With more labels there is no count for each pair.
  for (const std::size_t label_count : {std::size_t{64}, std::size_t{1} << 22U}) {
    for (const unsigned ranges : {1U, 4U}) {
      CAPTURE(label_count);
      CAPTURE(ranges);
      const auto found =
          common_labels(ElementType::u16, units, ElementType::i32, labels,
                        {.rows = rows, .row_count = expected.size(), .label_count = label_count, .ranges = ranges},
                        ranges == 1 ? spikes : 40'000);
      CHECK_FALSE(found.problem);
      CHECK(found.labels == expected);
    }
  }
}

TEST_CASE("common_labels: labels that are none, or too high for a unit that is asked for") {
  const std::vector<std::uint8_t> units{0, 1, 0, 7};
  const std::vector<std::int32_t> rows{0, -1};
  const auto problem_of = [&](const std::vector<double>& labels) {
    return common_labels(ElementType::u8, units, ElementType::f64, labels,
                         {.rows = rows, .row_count = 1, .label_count = 5}, 3)
        .problem;
  };
  CHECK_FALSE(problem_of({4, 9, 0, 9e15}));
  CHECK(problem_of({4, 9, 5, 0}) == std::optional(std::size_t{2}));
  for (const double wrong : {-1.0, 0.5, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
    CAPTURE(wrong);
    CHECK(problem_of({0, wrong, 0, 0}) == std::optional(std::size_t{1}));
    CHECK(problem_of({0, 0, 0, wrong}) == std::optional(std::size_t{3}));
  }
}

}  // namespace
}  // namespace spikeport
