// Spools: the trains of any batches are those that are sealed in memory, and their files have no path.
#include "spikes/spool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/job.h"
#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "platform/error.h"
#include "spikes/file_spike_trains.h"
#include "spikes/memory_spike_trains.h"
#include "spikes/sealing.h"
#include "spikes/spool_merge.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

using Trains = std::vector<std::vector<double>>;

/** How spikes come, and how little memory they have. */
struct Case {
  std::size_t units;
  std::size_t spikes;
  std::size_t run_spikes;
  std::size_t range_spikes;
  double chance_of_falling;
};

struct Spikes {
  std::vector<std::uint32_t> units;
  std::vector<double> times;
};

/** Spikes in order of time, but for some; a few units have most of them. */
Spikes make_spikes(const Case& of, Random& random) {
  Spikes spikes;
  for (std::size_t i = 0; i < of.spikes; i++) {
    const std::uint64_t most = random.with_chance(0.5) ? std::min<std::uint64_t>(of.units, 2) : of.units;
    spikes.units.push_back(static_cast<std::uint32_t>(random.below(most)));
    const double time = static_cast<double>(i) / 4;
    spikes.times.push_back(random.with_chance(of.chance_of_falling) ? 1 + random.fraction() * time : 1 + time);
  }
  return spikes;
}

/** Runs what `work` returns to its end, on this many threads. */
void run_stage(const std::function<bool(Job&, unsigned)>& work, unsigned participants = 1) {
  const auto failure = run(
      std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = work, .participants = participants}}));
  REQUIRE(!failure);
}

struct Merged {
  std::shared_ptr<FileSpikeTrains> trains;
  SealReport report;
};

Merged merged(const Spikes& spikes, const Case& of, const std::string& folder, Random& random) {
  constexpr unsigned participants = 3;
  const auto spool = std::make_shared<Spool>(Spool::Settings{
      .folder = folder, .name = "the spool", .run_spikes = of.run_spikes, .most_units = of.units, .values = {}});
  const std::span all_units(spikes.units);
  const std::span all_times(spikes.times);
  for (std::size_t from = 0; from < spikes.times.size();) {
    const std::size_t batch = std::min<std::size_t>(1 + random.below(2 * of.run_spikes), spikes.times.size() - from);
    from += spool->append(all_units.subspan(from, batch), all_times.subspan(from, batch));
    REQUIRE(!spool->problem());
    if (!spool->is_full()) continue;
    spool->hand_over();
    run_stage([&](Job& /*job*/, unsigned /*participant*/) { return spool->write_some(); });
  }
  CHECK(spool->spike_count() == spikes.times.size());
  spool->hand_over();
  SpoolMerge merge(spool, {}, of.units, of.range_spikes, participants);
  run_stage([&](Job& /*job*/, unsigned /*participant*/) { return merge.begin(); });
  run_stage([&](Job& job, unsigned participant) { return merge.merge_some(job, participant); }, participants);
  CHECK(merge.take_settled() == spikes.times.size());
  const SealReport report = merge.finish();
  spool->close();
  return {.trains = merge.trains(), .report = report};
}

/** The same trains, sealed in memory. */
Trains expected_trains(const Spikes& spikes, std::size_t units, SealReport& report) {
  Trains trains(units);
  for (std::size_t i = 0; i < spikes.times.size(); i++) trains[spikes.units[i]].push_back(spikes.times[i]);
  MemorySpikeTrains sealed;
  for (const auto& train : trains) sealed.append(train);
  report = seal(sealed, {});
  Trains sorted(units);
  for (std::size_t unit = 0; unit < units; unit++) sorted[unit].assign(sealed[unit].begin(), sealed[unit].end());
  return sorted;
}

std::vector<double> train_of(const SpikeTrains& trains, std::size_t unit) {
  std::vector<double> times(trains.spike_count(unit));
  trains.read(unit, 0, times);
  return times;
}

TEST_CASE("spool: as in memory") {
  const TemporaryFolder folder;
  Random random(1);
  const std::vector<Case> cases{
      {.units = 5, .spikes = 0, .run_spikes = 10, .range_spikes = 10, .chance_of_falling = 0},
      {.units = 5, .spikes = 9, .run_spikes = 10, .range_spikes = 10, .chance_of_falling = 0.5},
      {.units = 5, .spikes = 10, .run_spikes = 10, .range_spikes = 10, .chance_of_falling = 0.5},
      {.units = 20, .spikes = 20'000, .run_spikes = 1000, .range_spikes = 100'000, .chance_of_falling = 0},
      {.units = 20, .spikes = 20'000, .run_spikes = 1000, .range_spikes = 3000, .chance_of_falling = 0.01},
      {.units = 20, .spikes = 20'000, .run_spikes = 777, .range_spikes = 100, .chance_of_falling = 0},
      {.units = 3, .spikes = 50'000, .run_spikes = 7000, .range_spikes = 1500, .chance_of_falling = 0.5},
      {.units = 30'000, .spikes = 50'000, .run_spikes = 9000, .range_spikes = 2000, .chance_of_falling = 0.1},
      // Those that may stay in their runs, and the same where one time fell.
      {.units = 5, .spikes = 50'000, .run_spikes = 7000, .range_spikes = 1500, .chance_of_falling = 0},
      {.units = 5, .spikes = 50'000, .run_spikes = 7000, .range_spikes = 1500, .chance_of_falling = 2e-5},
      {.units = 1, .spikes = 50'000, .run_spikes = 10'000, .range_spikes = 1500, .chance_of_falling = 0},
  };
  for (const Case& of : cases) {
    INFO(of.units << " units, " << of.spikes << " spikes, ranges of " << of.range_spikes);
    const Spikes spikes = make_spikes(of, random);
    SealReport expected;
    const Trains trains = expected_trains(spikes, of.units, expected);
    const auto [spooled, report] = merged(spikes, of, folder.at(""), random);
    CHECK(folder.names().empty());
    CHECK(report.length == expected.length);
    CHECK(report.first_reordered == expected.first_reordered);
    CHECK(report.problem == SealReport::Problem::none);
    REQUIRE(spooled->unit_count() == of.units);
    REQUIRE(spooled->spike_count() == of.spikes);
    bool is_same = true;
    std::vector<double> flat;
    for (std::size_t unit = 0; unit < of.units; unit++) {
      is_same = is_same && train_of(*spooled, unit) == trains[unit];
      flat.insert(flat.end(), trains[unit].begin(), trains[unit].end());
    }
    CHECK(is_same);
    std::vector<double> read(of.spikes / 2);
    if (!read.empty()) spooled->read_spikes(of.spikes / 3, read);
    CHECK(std::equal(read.begin(), read.end(), flat.begin() + static_cast<std::ptrdiff_t>(of.spikes / 3)));
  }
}

TEST_CASE("spool: what cannot be taken, and what was taken before it") {
  const TemporaryFolder folder;
  using Kind = SpikeProblem::Kind;
  const auto refusal = [&](double unit, double time) {
    Spool spool({.folder = folder.at(""),
                 .name = "the spool",
                 .run_spikes = 10,
                 .most_units = 3,
                 .first_time = 0,
                 .last_time = 5,
                 .values = {}});
    const std::vector<double> units{2, unit, 1};
    const std::vector<double> times{1, time, 2};
    CHECK(spool.append(std::span<const double>(units), std::span<const double>(times)) == 1);
    CHECK(spool.spike_count() == 1);
    REQUIRE(spool.problem());
    return spool.problem()->kind;
  };
  CHECK(refusal(3, 1) == Kind::unit);
  CHECK(refusal(-1, 1) == Kind::unit);
  CHECK(refusal(0.5, 1) == Kind::unit);
  CHECK(refusal(0, std::numeric_limits<double>::quiet_NaN()) == Kind::not_finite);
  CHECK(refusal(0, std::numeric_limits<double>::infinity()) == Kind::not_finite);
  CHECK(refusal(0, -0.5) == Kind::before_start);
  CHECK(refusal(0, 5.5) == Kind::after_end);
}

TEST_CASE("spool: selected units and limits") {
  const TemporaryFolder folder;
  Random random(3);
  const Case of{.units = 6, .spikes = 5000, .run_spikes = 900, .range_spikes = 4000, .chance_of_falling = 0};
  const Spikes spikes = make_spikes(of, random);
  SealReport report;
  const Trains trains = expected_trains(spikes, of.units, report);
  const auto spooled = merged(spikes, of, folder.at(""), random).trains;
  for (const std::vector<double>& units : {std::vector<double>{0, 1, -1, 2, 3}, {5, 0, 99}, {}, {1, 4}}) {
    FileSpikeTrains selected(*spooled, units);
    REQUIRE(selected.unit_count() == units.size());
    std::vector<double> flat;
    for (std::size_t i = 0; i < units.size(); i++) {
      const bool is_known = units[i] >= 0 && units[i] < 6;
      const auto expected = is_known ? trains[static_cast<std::size_t>(units[i])] : std::vector<double>();
      CHECK(train_of(selected, i) == expected);
      flat.insert(flat.end(), expected.begin(), expected.end());
    }
    std::vector<double> read(flat.size());
    if (!read.empty()) selected.read_spikes(0, read);
    CHECK(read == flat);
    // Of each train some times are moved, and the others stay.
    const auto outside = std::ranges::count_if(flat, [](double time) { return time < 100 || time > 900; });
    CHECK(selected.limit({.first = 100, .last = 900}) == static_cast<std::uint64_t>(outside));
    for (double& time : flat) time = std::clamp(time, 100.0, 900.0);
    if (!read.empty()) selected.read_spikes(0, read);
    CHECK(read == flat);
    CHECK(seal_report(selected.facts(), {.start = 100, .length = 800}).problem == SealReport::Problem::none);
  }
  CHECK(seal_report(spooled->facts(), {.start = 100, .length = std::nullopt}).problem ==
        SealReport::Problem::before_start);
  CHECK(seal_report(spooled->facts(), {.start = 0, .length = 800}).problem == SealReport::Problem::after_end);
}

TEST_CASE("spool: what comes in order stays in its runs") {
  const TemporaryFolder folder;
  // No spike of unit 1 is in the first runs, none of unit 4 in the last, and none of unit 2 in any.
  constexpr std::size_t spikes = 64 * 1024;
  Spikes given;
  for (std::size_t i = 0; i < spikes; i++) {
    constexpr std::array<std::uint32_t, 4> early{0, 4, 3, 4};
    constexpr std::array<std::uint32_t, 4> late{0, 1, 3, 1};
    given.units.push_back((i < spikes / 2 ? early : late)[i % 4]);
    given.times.push_back(static_cast<double>(i));
  }
  const Case of{.units = 7, .spikes = spikes, .run_spikes = spikes / 8, .range_spikes = 10, .chance_of_falling = 0};
  Random random(4);
  SealReport expected;
  const Trains trains = expected_trains(given, of.units, expected);
  const auto [spooled, report] = merged(given, of, folder.at(""), random);
  CHECK(report.length == expected.length);
  std::vector<double> flat;
  for (std::size_t unit = 0; unit < of.units; unit++) {
    CHECK(train_of(*spooled, unit) == trains[unit]);
    flat.insert(flat.end(), trains[unit].begin(), trains[unit].end());
  }
  std::vector<double> some(999);
  bool is_same = true;
  for (std::size_t first = 0; first + some.size() <= flat.size(); first += 500) {
    spooled->read_spikes(first, some);
    is_same = is_same && std::ranges::equal(some, std::span(flat).subspan(first, some.size()));
  }
  CHECK(is_same);
  const auto& facts = spooled->facts();
  CHECK(facts[4].first == trains[4].front());
  CHECK(facts[4].last == trains[4].back());
  CHECK(facts[2].first > facts[2].last);
  spooled->close();
  CHECK_THROWS_AS(train_of(*spooled, 0), SystemError);
}

}  // namespace
}  // namespace spikeport::test
