// Statistics of all units: the same numbers for any number of threads, also where times change meanwhile.
#include "spikes/spike_statistics.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "spikes/memory_spike_trains.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

/** All counts of a recording. */
struct AllCounts {
  std::vector<std::uint32_t> isi;
  std::vector<std::uint32_t> lags;
  std::vector<std::uint32_t> rates;
  std::vector<double> violations;
  std::vector<std::uint8_t> occupancy;

  friend bool operator==(const AllCounts&, const AllCounts&) = default;
};

constexpr std::size_t bins_each = 60;
constexpr double recording_ms = 100'000;

AllCounts statistics_of(const std::vector<std::vector<double>>& times, unsigned participants) {
  const auto trains = std::make_shared<MemorySpikeTrains>();
  for (const auto& train : times) trains->append(train);
  trains->append_empty(2);
  const std::size_t units = trains->unit_count();
  AllCounts all{.isi = std::vector<std::uint32_t>(units * bins_each),
                .lags = std::vector<std::uint32_t>(units * bins_each),
                .rates = std::vector<std::uint32_t>(units * bins_each),
                .violations = std::vector<double>(units),
                .occupancy = std::vector<std::uint8_t>(units * 8)};
  SpikeStatistics statistics(
      {.trains = trains,
       .start = 0,
       .length = recording_ms,
       .isi_width = 0.5,
       .isi_bins = bins_each,
       .refractory = 2,
       .lag_width = 1,
       .lag_bins = bins_each,
       .rate_bins = bins_each,
       .occupancy_bins = bins_each},
      {.isi = all.isi, .lags = all.lags, .rates = all.rates, .violations = all.violations, .occupancy = all.occupancy},
      participants);
  std::vector<std::uint64_t> done(participants);
  std::vector<std::thread> threads;
  for (unsigned participant = 0; participant < participants; participant++) {
    threads.emplace_back([&, participant] {
      while (statistics.count_some(participant)) done[participant] += statistics.take_done(participant);
      done[participant] += statistics.take_done(participant);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::reduce(done.begin(), done.end()) == trains->spike_count());
  return all;
}

std::vector<std::vector<double>> random_trains() {
  Random random(6);
  std::vector<std::vector<double>> trains;
  for (const std::size_t count : {0U, 1U, 16'384U, 16'385U, 120'000U, 300U}) {
    std::vector<double> times(count);
    // Some of the trains are dense: their lags are counted by the edges of bins.
    const std::uint64_t range = count == 16'385U ? 20'000 : 1'600'000;
    for (double& time : times) time = static_cast<double>(random.below(range)) / 16;
    std::ranges::sort(times);
    trains.push_back(std::move(times));
  }
  return trains;
}

TEST_CASE("statistics: the same for any number of threads") {
  const auto trains = random_trains();
  const AllCounts expected = statistics_of(trains, 1);
  CHECK(std::reduce(expected.rates.begin(), expected.rates.end()) == 1 + 16'384 + 16'385 + 120'000 + 300);
  CHECK(std::ranges::any_of(expected.lags, [](std::uint32_t count) { return count > 0; }));
  for (const unsigned participants : {2U, 5U}) CHECK(statistics_of(trains, participants) == expected);
}

TEST_CASE("statistics: times that are not finite or not in order lead to no other memory") {
  auto trains = random_trains();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (auto& train : trains) {
    for (std::size_t i = 0; i < train.size(); i += 7) {
      constexpr double bad[] = {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity, 1e308, -1e308};
      train[i] = bad[i % 5];
    }
  }
  statistics_of(trains, 2);
}

}  // namespace
}  // namespace spikeport::test
