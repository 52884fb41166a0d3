#include "spikes/splitting.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace spikeport {
namespace {

constexpr std::size_t most_units = std::size_t{1} << 24U;

/** The times of spikes are their numbers. */
std::vector<double> times_of(std::size_t spikes) {
  std::vector<double> times(spikes);
  for (std::size_t i = 0; i < spikes; i++) times[i] = static_cast<double>(i);
  return times;
}

/** What comes of splitting: the report, with all ranges one after the other. */
template <typename Number>
SplitReport split(std::span<const Number> units, std::span<const double> times, const SplitRequest& request) {
  SplittingOf<Number> splitting(units, times, request);
  const auto pass = [&](auto piece) {
    for (unsigned range = 0; range < request.ranges; range++) {
      while (piece(range)) continue;
    }
  };
  pass([&](unsigned range) { return splitting.inspect(range); });
  splitting.begin_counting();
  pass([&](unsigned range) { return splitting.count(range); });
  splitting.begin_placing();
  pass([&](unsigned range) { return splitting.place(range); });
  splitting.finish();
  return splitting.report();
}

/** Compares with what one loop a unit finds. */
template <typename Number>
void check_split(const std::vector<Number>& units, std::size_t unit_count, const SplitRequest& request, bool is_kept) {
  const auto times = times_of(units.size());
  const SplitReport report = split<Number>(units, times, request);
  REQUIRE_FALSE(report.problem);
  REQUIRE_FALSE(report.too_high);
  REQUIRE(report.unit_count == unit_count);
  CHECK((report.times == nullptr) == is_kept);
  std::vector<std::vector<double>> expected(unit_count);
  for (std::size_t i = 0; i < units.size(); i++) expected[static_cast<std::size_t>(units[i])].push_back(times[i]);
  const double* const found = report.times ? report.times.get() : times.data();
  std::size_t begin = 0;
  std::size_t unit = 0;
  for (; unit < unit_count; unit++) {
    const auto end = static_cast<std::size_t>(report.ends.get()[unit]);
    const bool is_in_place = begin <= end && end <= units.size();
    if (!is_in_place || !std::ranges::equal(std::span(found + begin, found + end), expected[unit])) break;
    begin = end;
  }
  // Not a check for each: there are very many.
  REQUIRE(unit == unit_count);
  REQUIRE(begin == units.size());
}

/** Units in some order; the highest number comes once, in the middle. */
template <typename Number>
std::vector<Number> mixed(std::size_t spikes, std::size_t units, std::size_t highest) {
  std::vector<Number> numbers(spikes);
  for (std::size_t i = 0; i < spikes; i++) numbers[i] = static_cast<Number>((i * 7919 / 3) % units);
  numbers[spikes / 2] = static_cast<Number>(highest);
  return numbers;
}

TEST_CASE_TEMPLATE("splitting: spikes in any order", Number, std::uint16_t, std::int32_t, std::int64_t, double) {
  // A piece is of 262,144 spikes; units below 4,096 are counted in the first pass.
  for (const std::size_t spikes : {std::size_t{1}, std::size_t{5}, std::size_t{700'001}}) {
    for (const std::size_t highest : {std::size_t{0}, std::size_t{4095}, std::size_t{4096}, std::size_t{60'000}}) {
      const auto units = mixed<Number>(spikes, highest == 0 ? 1 : 90, highest);
      for (const unsigned ranges : {1U, 3U}) {
        CAPTURE(spikes);
        CAPTURE(highest);
        CAPTURE(ranges);
        const std::size_t count = static_cast<std::size_t>(*std::ranges::max_element(units)) + 1;
        check_split<Number>(units, count, {.most_units = most_units, .ranges = ranges}, false);
        check_split<Number>(units, count + 9, {.unit_count = count + 9, .most_units = most_units, .ranges = ranges},
                            false);
      }
    }
  }
}

TEST_CASE_TEMPLATE("splitting: times that come unit by unit stay where they are", Number, std::uint8_t, std::int64_t,
                   float) {
  std::vector<Number> units;
  for (int unit = 0; unit < 120; unit += 1 + unit % 2) units.insert(units.end(), 6000, static_cast<Number>(unit));
  for (const unsigned ranges : {1U, 2U, 5U}) {
    CAPTURE(ranges);
    const SplitRequest request{.most_units = most_units, .keeps_times = true, .ranges = ranges};
    const std::size_t count = static_cast<std::size_t>(units.back()) + 1;
    check_split<Number>(units, count, request, true);
    check_split<Number>(units, count, {.most_units = most_units, .ranges = ranges}, false);
    // One spike of another unit, at every boundary between ranges, too.
    for (std::size_t at = 0; at < units.size(); at += units.size() / 10) {
      auto changed = units;
      changed[at] = static_cast<Number>(at < units.size() / 2 ? 119 : 0);
      if (changed == units) continue;
      CAPTURE(at);
      check_split<Number>(changed, static_cast<std::size_t>(*std::ranges::max_element(changed)) + 1, request, false);
    }
  }
  check_split<Number>({}, 0, {.most_units = most_units, .keeps_times = true}, true);
}

TEST_CASE("splitting: units of high numbers that come one by one") {
  std::vector<std::int32_t> units(200'000, 5);
  std::fill(units.begin() + 100'000, units.end(), 150'000);
  check_split<std::int32_t>(units, 150'001, {.most_units = most_units, .keeps_times = true, .ranges = 2}, true);
}

TEST_CASE("splitting: what is no unit number") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double wrong : {-1.0, 0.5, nan, -std::numeric_limits<double>::infinity()}) {
    for (const std::size_t at : {std::size_t{0}, std::size_t{300'000}, std::size_t{599'999}}) {
      std::vector<double> units(600'000, 3.0);
      units[at] = wrong;
      CAPTURE(wrong);
      CAPTURE(at);
      const auto report = split<double>(units, times_of(units.size()), {.most_units = most_units, .ranges = 2});
      CHECK(report.problem == std::optional(at));
    }
  }
  const std::vector<std::int64_t> units{0, 4, 2, 4};
  CHECK(split<std::int64_t>(units, times_of(4), {.unit_count = 4, .most_units = most_units}).problem ==
        std::optional(std::size_t{1}));
  CHECK(split<std::int64_t>(units, times_of(4), {.most_units = 4}).too_high == std::optional(4.0));
  CHECK_FALSE(split<std::int64_t>(units, times_of(4), {.most_units = 5}).too_high);
}

}  // namespace
}  // namespace spikeport
