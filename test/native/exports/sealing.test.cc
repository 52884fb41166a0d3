#include "spikes/sealing.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
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

}  // namespace
}  // namespace spikeport::test
