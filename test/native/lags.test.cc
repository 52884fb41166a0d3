#include "kernels/lags.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

using test::Random;

/** Ascending times on a grid, many of them equal. */
std::vector<double> times_on_grid(Random& random, std::size_t count, double first, double step) {
  std::vector<double> times(count);
  for (double& time : times) time = first + static_cast<double>(random.below(500)) * step;
  std::ranges::sort(times);
  return times;
}

TEST_CASE("lag bins: an edge is the least lag whose quotient reaches the bin") {
  for (const double width : {0.1, 0.3, 1.0, 1.0 / 3, 7.0, 5e-324, 1e-310, 1e306}) {
    CAPTURE(width);
    const LagBins bins(width, 100);
    CHECK(bins.count() == 100);
    for (std::size_t bin = 1; bin <= 100; bin++) {
      CHECK(bins.edge(bin) / width >= static_cast<double>(bin));
      CHECK(std::nextafter(bins.edge(bin), 0.0) / width < static_cast<double>(bin));
      if (std::isfinite(bins.edge(bin))) CHECK(bins.of(bins.edge(bin)) == bin);
      CHECK(bins.of(std::nextafter(bins.edge(bin), 0.0)) == bin - 1);
    }
    CHECK(bins.of(0) == 0);
  }
}

TEST_CASE("lags: one by one and by edges, in one stretch and between two") {
  Random random(4);
  for (int round = 0; round < 200; round++) {
    const double step = round % 2 == 0 ? 0.1 : 0.05;
    const auto left = times_on_grid(random, 1 + random.below(60), -3.3, step);
    const auto right = times_on_grid(random, 1 + random.below(60), left.back(), step);
    const LagBins bins(round % 3 == 0 ? 0.1 : 0.7, 1 + random.below(40));
    for (const LagPair& pair : {LagPair{.left = left, .right = left}, LagPair{.left = left, .right = right}}) {
      std::vector<std::uint64_t> expected(bins.count());
      std::uint64_t below = 0;
      for (std::size_t i = 0; i < pair.left.size(); i++) {
        for (std::size_t j = pair.is_one() ? i + 1 : 0; j < pair.right.size(); j++) {
          const double bin = std::floor((pair.right[j] - pair.left[i]) / (round % 3 == 0 ? 0.1 : 0.7));
          if (bin >= static_cast<double>(bins.count())) continue;
          expected[static_cast<std::size_t>(bin)]++;
          below++;
        }
      }
      CHECK(pair.pairs_below(bins.end()) == below);
      std::vector<std::uint64_t> each(bins.count());
      const std::size_t first = pair.first_below(bins.end());
      const std::size_t middle = first + (pair.left.size() - first) / 2;
      count_each_lag(pair, bins, first, middle, each);
      count_each_lag(pair, bins, middle, pair.left.size(), each);
      CHECK(each == expected);
      std::vector<std::uint64_t> by_edge(bins.count());
      count_lags_by_edge(pair, bins, 0, bins.count() / 2, by_edge);
      count_lags_by_edge(pair, bins, bins.count() / 2, bins.count(), by_edge);
      CHECK(by_edge == expected);
    }
  }
}

TEST_CASE("intervals: those on a limit and after all bins") {
  const std::vector<double> times{-1, -1, 0, 2, 5, 9};
  std::vector<std::uint64_t> counts(3);
  CHECK(count_intervals(times, LagBins(1, 3), 2, counts) == 2);
  CHECK(counts == std::vector<std::uint64_t>{1, 1, 1});
  CHECK(count_intervals({}, LagBins(1, 3), 2, counts) == 0);
}

}  // namespace
}  // namespace spikeport::kernels
