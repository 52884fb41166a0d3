#include "kernels/raster_counts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

template <typename T>
std::span<const std::byte> bytes_of(const std::vector<T>& numbers) {
  return std::as_bytes(std::span(numbers));
}

TEST_CASE("raster counts: sums and times of sparse counts of any length") {
  test::Random random(5);
  for (std::size_t count = 0; count < 200; count++) {
    std::vector<std::int16_t> counts(count);
    std::vector<double> expected;
    for (std::size_t i = 0; i < count; i++) {
      if (random.with_chance(0.1)) counts[i] = static_cast<std::int16_t>(random.below(5));
      const double step = 0.3 / (counts[i] + 1.0);
      for (int k = 1; k <= counts[i]; k++) expected.push_back(-2 + static_cast<double>(7 + i) * 0.3 + k * step);
    }
    const StoredElements stored{.type = ElementType::i16};
    const CountSum sum = sum_counts(bytes_of(counts), stored);
    CHECK(sum.spikes == expected.size());
    CHECK(sum.problem == count);
    std::vector<double> times(expected.size() + 1, -1);
    const RasterBins bins{.start_ms = -2, .width_ms = 0.3};
    CHECK(times_of_counts(bytes_of(counts), stored, bins, 7, 0, std::span(times).first(expected.size())) ==
          expected.size());
    CHECK(times.back() == -1);
    times.pop_back();
    CHECK(times == expected);
    if (expected.empty()) continue;
    // No more than there is room for.
    CHECK(times_of_counts(bytes_of(counts), stored, bins, 7, 0, std::span(times).first(expected.size() - 1)) ==
          expected.size() - 1);
    // From any of them on.
    for (std::size_t skipped = 0; skipped <= expected.size(); skipped++) {
      const std::size_t left = expected.size() - skipped;
      std::ranges::fill(times, -1);
      CHECK(times_of_counts(bytes_of(counts), stored, bins, 7, skipped, times) == left);
      CHECK(std::ranges::equal(std::span(times).first(left), std::span(expected).subspan(skipped)));
    }
  }
}

TEST_CASE("raster counts: fractions, negative numbers and what is none") {
  const StoredElements stored{.type = ElementType::f64};
  CHECK(sum_counts(bytes_of<double>({0.9, 2.7, -0.0, -0.5, -1, -1.9}), stored).spikes == 2);
  for (const double bad : {-2.0, std::nan(""), std::numeric_limits<double>::infinity(), 0x1p53}) {
    CHECK(sum_counts(bytes_of<double>({1, bad, 1}), stored).problem == 1);
  }
  CHECK(sum_counts(bytes_of<std::uint64_t>({1, UINT64_MAX}), {.type = ElementType::u64}).problem == 1);
  CHECK(sum_counts(bytes_of<std::int8_t>({1, -1, -2}), {.type = ElementType::i8}).problem == 2);
  CHECK(sum_counts(bytes_of<std::int64_t>({(std::int64_t{1} << 53U) - 1, 5, 5}), {.type = ElementType::i64}).problem ==
        2);
}

}  // namespace
}  // namespace spikeport::kernels
