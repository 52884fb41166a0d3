#include "kernels/sort_by_unit.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

TEST_CASE("sort_by_unit: as a stable sort, for any numbers of units") {
  test::Random random(1);
  for (const std::uint64_t units : {1ULL, 2ULL, 2048ULL, 2049ULL, 5'000'000ULL, 1ULL << 32U}) {
    for (const std::size_t count : {0, 1, 2, 1000, 5000}) {
      std::vector<std::pair<std::uint32_t, double>> spikes(count);
      for (auto& [unit, time] : spikes) unit = static_cast<std::uint32_t>(random.below(units));
      for (std::size_t i = 0; i < count; i++) spikes[i].second = static_cast<double>(i);
      std::vector<std::uint32_t> numbers;
      std::vector<double> times;
      for (const auto& [unit, time] : spikes) {
        numbers.push_back(unit);
        times.push_back(time);
      }
      std::vector<std::uint32_t> other_numbers(count + 1);
      std::vector<double> other_times(count + 1);
      std::vector<UnitEnd> ends{{.unit = 7, .end = 9}};
      for (const std::size_t size : {0, 1, 2, 3, 4, 8}) {
        std::vector<std::byte> values(count * size);
        for (std::size_t i = 0; i < values.size(); i++) values[i] = static_cast<std::byte>(i / size * 7 + i % size);
        std::vector<std::byte> other_values(values.size() + size);
        std::vector<std::uint32_t> given_numbers = numbers;
        std::vector<double> given_times = times;
        const auto sorted = sort_by_unit({given_numbers, given_times, {values, size}},
                                         {other_numbers, other_times, {other_values, size}}, ends);
        bool is_same = sorted.values.bytes.size() == count * size;
        for (std::size_t i = 0; i < sorted.values.bytes.size(); i++) {
          // The time of a spike is its number.
          const auto number = static_cast<std::size_t>(sorted.times[i / size]);
          is_same = is_same && sorted.values.bytes[i] == static_cast<std::byte>(number * 7 + i % size);
        }
        CHECK(is_same);
      }
      const auto sorted = sort_by_unit({numbers, times, {}}, {other_numbers, other_times, {}}, ends);
      std::ranges::stable_sort(spikes, {}, &std::pair<std::uint32_t, double>::first);
      REQUIRE(sorted.times.size() == count);
      REQUIRE((ends.empty() ? 0 : ends.back().end) == count);
      bool is_same = true;
      std::size_t begin = 0;
      for (const auto& [unit, end] : ends) {
        is_same = is_same && begin < end && (begin == 0 || spikes[begin - 1].first < unit);
        for (; begin < end; begin++) {
          is_same = is_same && spikes[begin].first == unit && sorted.times[begin] == spikes[begin].second;
        }
      }
      CHECK(is_same);
    }
  }
}

}  // namespace
}  // namespace spikeport::kernels
