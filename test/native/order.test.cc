#include "kernels/order.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace spikeport::kernels {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/** About the sizes of blocks. */
constexpr std::array<std::size_t, 8> block_sizes{1, 2, 3, 4095, 4096, 4097, 4098, 8194};

std::vector<double> ascending(std::size_t size) {
  std::vector<double> times(size);
  for (std::size_t i = 0; i < size; i++) times[i] = std::floor(static_cast<double>(i) / 2);
  return times;
}

TEST_CASE("find_falls: every fall and NaN, and what follows it") {
  const auto falls_of = [](std::span<const double> times, std::size_t most = 100) {
    std::vector<std::size_t> falls;
    find_falls(times, most, falls);
    return falls;
  };
  CHECK(falls_of({}).empty());
  for (const std::size_t size : block_sizes) {
    std::vector<double> times = ascending(size);
    CHECK(falls_of(times).empty());
    for (std::size_t at = 1; at<size; at += at> 5 && at + 9 < size ? 7 : 1) {
      CAPTURE(size);
      CAPTURE(at);
      const double before = times[at];
      times[at] = -1;
      CHECK(falls_of(times) == std::vector<std::size_t>{at});
      times[at] = nan;
      std::vector<std::size_t> expected{at};
      if (at + 1 < size) expected.push_back(at + 1);
      CHECK(falls_of(times) == expected);
      times[at] = before;
    }
  }
  const std::vector<double> falling{5, 4, 3, 2, 1};
  CHECK(falls_of(falling) == std::vector<std::size_t>{1, 2, 3, 4});
  CHECK(falls_of(falling, 2).size() == 3);
}

TEST_CASE("in_order: a fall or a NaN anywhere") {
  CHECK(in_order({}));
  for (const std::size_t size : block_sizes) {
    std::vector<double> times = ascending(size);
    CHECK(in_order(times));
    for (std::size_t at = 0; at<size; at += at> 5 && at + 9 < size ? 7 : 1) {
      CAPTURE(size);
      CAPTURE(at);
      const double before = times[at];
      times[at] = nan;
      CHECK(!in_order(times));
      times[at] = -1;
      CHECK(in_order(times) == (at == 0));
      times[at] = before;
    }
  }
}

TEST_CASE("first_not_finite: anywhere, and the first of several") {
  CHECK(!first_not_finite({}));
  for (const std::size_t size : block_sizes) {
    std::vector<double> times = ascending(size);
    CHECK(!first_not_finite(times));
    times.back() = nan;
    CHECK(first_not_finite(times).has_value());
    times[size / 2] = -infinity;
    CHECK(first_not_finite(times) == -infinity);
  }
}

}  // namespace
}  // namespace spikeport::kernels
