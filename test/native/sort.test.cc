#include "kernels/sort.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

using test::Random;
using Times = std::vector<double>;

std::vector<std::uint64_t> sorted_bits(const Times& times) {
  std::vector<std::uint64_t> bits(times.size());
  std::ranges::transform(times, bits.begin(), [](double time) { return std::bit_cast<std::uint64_t>(time); });
  std::ranges::sort(bits);
  return bits;
}

/** In order by value, and the same times as before bit for bit: −0 and 0 are equal and may come in any order. */
void check_sorted(const Times& times, std::vector<double>& scratch) {
  Times sorted = times;
  sort_times(sorted, scratch);
  CHECK(std::ranges::is_sorted(sorted));
  CHECK(sorted_bits(sorted) == sorted_bits(times));
}

double any_finite(Random& random) {
  for (;;) {
    const auto time = std::bit_cast<double>(random.bits());
    if (std::isfinite(time)) return time;
  }
}

/** Sizes about where counting begins to pay, and where places get too few, among others. */
constexpr std::array train_lengths{0, 1, 2, 3, 255, 256, 257, 1000, 5000, 70'000, 262'144, 262'145};

TEST_CASE("sort_times: any bit patterns of finite numbers") {
  Random random(1);
  std::vector<double> scratch;
  for (int round = 0; round < 10; round++) {
    for (const int size : train_lengths) {
      CAPTURE(size);
      Times times(static_cast<std::size_t>(size));
      for (double& time : times) time = any_finite(random);
      check_sorted(times, scratch);
    }
  }
}

TEST_CASE("sort_times: zeros of both signs, subnormals and the largest numbers, many times") {
  Random random(2);
  std::vector<double> scratch;
  constexpr double largest = std::numeric_limits<double>::max();
  constexpr double smallest = std::numeric_limits<double>::denorm_min();
  constexpr double normal = std::numeric_limits<double>::min();
  const Times few{0.0, -0.0, smallest, -smallest, normal, -normal, normal - smallest, largest, -largest, 1, -1};
  for (const int size : train_lengths) {
    CAPTURE(size);
    Times times(static_cast<std::size_t>(size));
    for (double& time : times) time = few[random.below(few.size())];
    check_sorted(times, scratch);
  }
}

TEST_CASE("sort_times: spikes in bursts, far from each other and within less than a place") {
  Random random(4);
  std::vector<double> scratch;
  for (const int size : train_lengths) {
    for (const double width : {0.0, 1e-9, 1.0, 1e3}) {
      for (const std::uint64_t bursts :
           {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{100}, std::uint64_t{100'000}}) {
        CAPTURE(size);
        CAPTURE(width);
        CAPTURE(bursts);
        Times times(static_cast<std::size_t>(size));
        for (double& time : times)
          time = static_cast<double>(random.below(bursts)) * 1e4 - 5e5 + width * random.fraction();
        check_sorted(times, scratch);
        // One far away takes most of the places.
        if (!times.empty()) times[times.size() / 2] = 1e15;
        check_sorted(times, scratch);
      }
    }
  }
}

TEST_CASE("sort_times: times that share some of their bits, in order, in reverse and in none") {
  Random random(3);
  std::vector<double> scratch;
  for (const int size : train_lengths) {
    for (unsigned shared = 0; shared <= 64; shared += 8) {
      CAPTURE(size);
      CAPTURE(shared);
      Times times(static_cast<std::size_t>(size));
      const auto base = std::bit_cast<std::uint64_t>(1000.0);
      const std::uint64_t mask = shared == 64 ? 0 : ~std::uint64_t{0} >> shared;
      for (double& time : times) {
        do time = std::bit_cast<double>((base & ~mask) | (random.bits() & mask));
        while (!std::isfinite(time));
      }
      check_sorted(times, scratch);
      std::ranges::sort(times);
      check_sorted(times, scratch);
      std::ranges::reverse(times);
      check_sorted(times, scratch);
    }
  }
}

TEST_CASE("sort_with_records: a stable sort that takes records along") {
  Random random(11);
  RecordSortMemory memory;
  for (const std::size_t count : {0, 1, 2, 300, 5000}) {
    for (const std::size_t size : {1, 4, 8, 13}) {
      Times times(count);
      for (double& time : times) time = static_cast<double>(random.below(count / 4 + 1)) - 20;
      std::vector<std::byte> bytes(count * size);
      for (std::size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<std::byte>(random.below(256));
      std::vector<std::size_t> order(count);
      for (std::size_t i = 0; i < count; i++) order[i] = i;
      std::ranges::stable_sort(order, {}, [&](std::size_t i) { return times[i]; });
      Times expected;
      std::vector<std::byte> expected_bytes;
      for (const std::size_t i : order) {
        expected.push_back(times[i]);
        for (std::size_t byte = 0; byte < size; byte++) expected_bytes.push_back(bytes[i * size + byte]);
      }
      sort_with_records(times, {bytes, size}, memory);
      CHECK(times == expected);
      CHECK(bytes == expected_bytes);
    }
  }
}

}  // namespace
}  // namespace spikeport::kernels
