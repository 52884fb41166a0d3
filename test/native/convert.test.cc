#include "kernels/convert.h"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

using test::Random;
using Times = std::vector<double>;

/** Rates in samples per ms: whole, fractional, and not to be had exactly. */
constexpr std::array rates{1.0, 20.0, 30.0, 24.4140625, 25.0001, 44.1, 0.1, 1e-300, 1e300};

/** One time, as the reference has it: the product rounded to a double, and that to a whole number, half to even. */
std::optional<std::int64_t> expected_sample(double time, double per_ms) {
  const volatile double product = time * per_ms;
  const double sample = std::nearbyint(product);
  if (!(sample >= -0x1p63 && sample < 0x1p63)) return std::nullopt;
  return static_cast<std::int64_t>(sample);
}

/** Times of all magnitudes, many of them half way between two samples or next to that. */
double any_time_near_sample(double per_ms, Random& random) {
  const auto whole = static_cast<double>(static_cast<std::int64_t>(random.bits() >> random.below(64)));
  const double sign = random.with_chance(0.5) ? -1 : 1;
  const double half = sign * (whole + 0.5) / per_ms;
  switch (random.below(6)) {
    case 0:
      return std::bit_cast<double>(random.bits());
    case 1:
      return half;
    case 2:
      return std::nextafter(half, 0);
    case 3:
      return std::nextafter(half, sign * std::numeric_limits<double>::infinity());
    case 4:
      return sign * static_cast<double>(random.bits() >> 20U) / per_ms;
    default:
      return sign * 1e4 * random.fraction();
  }
}

void check_samples(const Times& times, double per_ms) {
  std::vector<std::int64_t> samples(times.size());
  const std::optional<double> unfit = to_samples(times, per_ms, samples.data());
  bool all_fit = true;
  bool same = true;
  bool same_alone = true;
  for (std::size_t i = 0; i < times.size(); i++) {
    const auto expected = expected_sample(times[i], per_ms);
    all_fit = all_fit && expected.has_value();
    same = same && expected == samples[i];
    same_alone = same_alone && expected == to_sample(times[i], per_ms);
  }
  CHECK(same_alone);
  REQUIRE(unfit.has_value() != all_fit);
  if (unfit) {
    CHECK(!expected_sample(*unfit, per_ms));
  } else {
    CHECK(same);
  }
}

TEST_CASE("to_samples: any times, one by one and in blocks") {
  Random random(1);
  for (const double per_ms : rates) {
    for (int i = 0; i < 20'000; i++) {
      const double time = any_time_near_sample(per_ms, random);
      CAPTURE(time);
      CAPTURE(per_ms);
      check_samples({time}, per_ms);
    }
    for (int i = 0; i < 50; i++) {
      Times times(random.below(5000));
      for (double& time : times) {
        do time = any_time_near_sample(per_ms, random);
        while (!expected_sample(time, per_ms));
      }
      CAPTURE(per_ms);
      check_samples(times, per_ms);
    }
  }
}

TEST_CASE("to_samples: one time that is large or has no sample, anywhere in a block") {
  for (const double odd : {0x1p51, -0x1p52, 0x1p63 - 1024, -0x1p63, 0x1p63, -0x1p63 - 2048, 1e300,
                           std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    for (const std::size_t at : {0, 1, 1022, 1023, 1024, 1025, 2046, 2047}) {
      CAPTURE(odd);
      CAPTURE(at);
      Times times(2048, 0.5);
      times[at] = odd;
      check_samples(times, 1);
    }
  }
}

TEST_CASE("to_samples: halves go to the even neighbour, as far as doubles have halves") {
  std::vector<std::int64_t> sample(1);
  for (std::int64_t whole = 1; whole < std::int64_t{1} << 52U; whole = whole * 3 / 2 + 1) {
    for (const std::int64_t sign : {-1, 1}) {
      const double half = static_cast<double>(sign) * (static_cast<double>(whole) + 0.5);
      CAPTURE(half);
      CHECK(!to_samples(std::span(&half, 1), 1, sample.data()));
      CHECK(sample[0] == sign * (whole % 2 == 0 ? whole : whole + 1));
    }
  }
}

TEST_CASE("to_samples: zeros and subnormals") {
  const Times times{0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308};
  for (const double per_ms : rates) check_samples(times, per_ms);
}

TEST_CASE("to_seconds: divides, which multiplying by a thousandth would not do") {
  Random random(2);
  const volatile double thousand = 1000;
  Times times{0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308};
  for (int i = 0; i < 100'000; i++) times.push_back(any_time_near_sample(1, random));
  Times seconds(times.size());
  to_seconds(times, seconds.data());
  int different = 0;
  int unlike_product = 0;
  for (std::size_t i = 0; i < times.size(); i++) {
    if (std::isnan(times[i])) continue;
    const double expected = times[i] / thousand;
    different += std::bit_cast<std::uint64_t>(seconds[i]) != std::bit_cast<std::uint64_t>(expected) ? 1 : 0;
    unlike_product += expected != times[i] * 0.001 ? 1 : 0;
  }
  CHECK(different == 0);
  // The times distinguish a division from a product.
  CHECK(unlike_product > 1000);
}

}  // namespace
}  // namespace spikeport::kernels
