#include "spikes/sealing.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "engine/job.h"
#include "exports/run.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

/** Seals trains as the binding does, on several threads. */
SealReport seal_on_threads(MemorySpikeTrains& trains) {
  const auto sealing = std::make_shared<Sealing>(trains, RecordingWindow{});
  SealReport report;
  const auto inspect = [sealing](Job& /*job*/, unsigned /*participant*/) { return sealing->inspect(); };
  const auto sort = [sealing](Job& /*job*/, unsigned /*participant*/) { return sealing->sort(); };
  const auto finish = [sealing, &report](Job& /*job*/, unsigned /*participant*/) {
    report = sealing->finish();
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{
      {.threads = workers(), .work = inspect, .participants = 4},
      {.threads = workers(), .work = sort, .participants = 4},
      {.threads = workers(), .work = finish},
  });
  REQUIRE(!run(job));
  return report;
}

TEST_CASE("sealing: on several threads as on one") {
  Random random(1);
  for (int i = 0; i < 30; i++) {
    INFO("case " << i);
    std::vector<std::vector<double>> given(random.below(4000));
    for (auto& times : given) {
      times.resize(random.below(100));
      for (double& time : times) time = random.fraction();
      if (random.with_chance(0.5)) std::ranges::sort(times);
    }
    if (i % 5 == 0 && !given.empty()) given[random.below(given.size())].push_back(std::nan(""));
    auto own = given;
    MemorySpikeTrains alone;
    MemorySpikeTrains together;
    for (std::size_t unit = 0; unit < given.size(); unit++) {
      alone.append(given[unit]);
      if (unit % 2 == 0) together.append(given[unit]);
      if (unit % 2 == 1) together.append_own(own[unit]);
    }
    const SealReport expected = seal(alone, {});
    const SealReport found = seal_on_threads(together);
    CHECK(found.problem == expected.problem);
    CHECK(found.unit == expected.unit);
    if (expected.problem != SealReport::Problem::none) continue;
    CHECK(found.length == expected.length);
    bool same = true;
    for (std::size_t unit = 0; unit < given.size(); unit++) {
      same = same && std::ranges::equal(alone[unit], together[unit]) && std::ranges::is_sorted(together[unit]);
    }
    CHECK(same);
  }
}

TEST_CASE("sealing: with the falls that are known already") {
  Random random(2);
  for (int i = 0; i < 200; i++) {
    INFO("case " << i);
    std::vector<double> times(random.below(60));
    for (double& time : times) time = static_cast<double>(random.below(8));
    std::vector<std::size_t> ends{0};
    while (ends.back() < times.size()) ends.push_back(std::min(ends.back() + random.below(12), times.size()));
    for (std::size_t unit = 1; unit < ends.size(); unit++) {
      const auto train = std::span(times).subspan(ends[unit - 1], ends[unit] - ends[unit - 1]);
      if (random.with_chance(0.7)) std::ranges::sort(train);
      if (!train.empty() && random.with_chance(0.1)) train[random.below(train.size())] = std::nan("");
    }
    std::vector<double> falls;
    for (std::size_t at = 1; at < times.size(); at++) {
      if (!(times[at - 1] <= times[at])) falls.push_back(static_cast<double>(at));
    }
    std::vector<double> copy = times;
    MemorySpikeTrains usual;
    MemorySpikeTrains known;
    for (std::size_t unit = 1; unit < ends.size(); unit++) {
      usual.append_own(std::span(copy).subspan(ends[unit - 1], ends[unit] - ends[unit - 1]));
      known.append_own(std::span(times).subspan(ends[unit - 1], ends[unit] - ends[unit - 1]));
    }
    const SealReport expected = seal(usual, {});
    Sealing sealing(known, {}, falls);
    while (sealing.inspect()) continue;
    while (sealing.sort()) continue;
    const SealReport found = sealing.finish();
    CHECK(found.problem == expected.problem);
    CHECK(found.unit == expected.unit);
    CHECK(found.first_reordered == expected.first_reordered);
    CHECK(found.length == expected.length);
    if (expected.problem == SealReport::Problem::none) CHECK(copy == times);
  }
}

}  // namespace
}  // namespace spikeport::test
