#include "kernels/bin.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

using test::Random;
using Times = std::vector<double>;

/** Bins as they are found, and as they are not: widths and starts that no double holds exactly. */
Bins any_bins(Random& random) {
  constexpr std::array widths{0.1, 0.7, 1.0, 20.0, 333.3, 1e-3};
  return {std::floor(2000 * random.fraction() - 1000) / 7, widths[random.below(widths.size())], 1 + random.below(1000)};
}

/** On, next to and between edges, and outside. */
double any_time(const Bins& bins, Random& random) {
  const auto bin = static_cast<double>(random.below(bins.count + 3)) - 1;
  const double edge = bins.start + bin * bins.width;
  switch (random.below(4)) {
    case 0:
      return edge;
    case 1:
      return std::nextafter(edge, -1e300);
    case 2:
      return std::nextafter(edge, 1e300);
    default:
      return edge + bins.width * random.fraction();
  }
}

/** The rule, without a care for numbers that no integer holds. */
std::uint64_t bin_of(const Bins& bins, double time) {
  const double bin = std::ceil((time - bins.start) / bins.width) - 1;
  return static_cast<std::uint64_t>(std::clamp(bin, 0.0, static_cast<double>(bins.count - 1)));
}

TEST_CASE("Bins: of any time, also far outside") {
  Random random(1);
  for (int i = 0; i < 100'000; i++) {
    const Bins bins = any_bins(random);
    const double time = any_time(bins, random);
    CAPTURE(time);
    CHECK(bins.of(time) == bin_of(bins, time));
  }
  const Bins bins{0, 1, 10};
  for (const double far : {1e19, 1e300, 1.7976931348623157e308}) {
    CHECK(bins.of(far) == 9);
    CHECK(bins.of(-far) == 0);
  }
}

TEST_CASE("Bins: closed on the right, open on the left, but for the start") {
  const Bins bins{0, 1, 3};
  const Times times{0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5};
  std::vector<std::uint64_t> found;
  for (const double time : times) found.push_back(bins.of(time));
  CHECK(found == std::vector<std::uint64_t>{0, 0, 0, 1, 1, 2, 2, 2});
}

TEST_CASE("times_in_bins and count_spikes: any part of the bins") {
  Random random(2);
  for (int i = 0; i < 3000; i++) {
    INFO("case " << i);
    const Bins bins = any_bins(random);
    Times times(random.below(200));
    for (double& time : times) time = any_time(bins, random);
    std::ranges::sort(times);
    const std::uint64_t first = random.below(bins.count);
    const std::uint64_t last = first + random.below(bins.count - first + 1);
    Times expected;
    std::vector<std::int64_t> expected_counts(last - first);
    for (const double time : times) {
      const std::uint64_t bin = bin_of(bins, time);
      if (bin < first || bin >= last) continue;
      expected.push_back(time);
      expected_counts[bin - first]++;
    }
    const auto found = times_in_bins(times, bins, first, last);
    CHECK(Times(found.begin(), found.end()) == expected);
    std::vector<std::int64_t> counts(last - first);
    count_spikes(times, bins, first, counts);
    CHECK(counts == expected_counts);
  }
}

}  // namespace
}  // namespace spikeport::kernels
