// Whole exports without Node: with ThreadSanitizer and AddressSanitizer their noise is ours alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <iostream>
#include <thread>
#include <vector>

#include "exports/kinds.h"
#include "exports/library_reader.h"
#include "exports/recording.h"
#include "exports/run.h"
#include "exports/stored_spike_trains.h"
#include "exports/temporary_folder.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

using std::chrono::microseconds;

constexpr unsigned all_threads = 4;

template <typename Work>
microseconds time_of(Work work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begun);
}

/** What is at a path, in a form that is the same for the same content. */
std::string content_at(const std::string& path, const Kind& kind) {
  if (!kind.is_unordered) return bytes_at(path);
  std::string content;
  for (const auto& [name, value] : read_by_library(path)) content += name + "\n" + value + "\n";
  return content;
}

/** Writes a kind to a path on `threads` threads. Returns what is there. */
std::string written(const Kind& kind, const Recording& recording, const std::string& path, unsigned threads) {
  const auto [job, result] = kind.job(recording, path, {.durable = threads == 2, .threads = threads});
  const auto failure = run(job);
  INFO(kind.name << " on " << threads << " threads: " << message_of(failure));
  REQUIRE(!failure);
  CHECK(job->bytes_done() == job->bytes_total());
  CHECK(result->bytes_written > 0);
  return content_at(path, kind);
}

TEST_CASE("exports: the same content however many threads write it, over an old one and anew") {
  const TemporaryFolder folder;
  Random random(1);
  const auto large = make_recording(8, 10'000, random);
  const auto empty = make_recording(0, 0, random);
  const auto small = make_recording(3, 10, random);
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    const std::string path = folder.at(kind.name);
    for (const auto& recording : {empty, large, small}) {
      const std::string expected = written(kind, *recording, path, 1);
      CHECK(written(kind, *recording, path, 2) == expected);
      CHECK(written(kind, *recording, folder.at("new"), all_threads) == expected);
      remove(folder.at("new"));
    }
    CHECK(folder.names() == std::vector<std::string>{kind.name});
    remove(path);
  }
}

TEST_CASE("exports: the same content of spikes in memory, in a file and in part in memory") {
  const TemporaryFolder folder;
  Random random(6);
  // More groups than a node of a tree holds, and arrays of samples that are larger than a block.
  for (const auto& [units, most_spikes] : {std::pair(300, 100), std::pair(3, 15'000)}) {
    const auto in_memory = make_recording(units, most_spikes, random);
    Recording in_file = *in_memory;
    in_file.trains = std::make_shared<StoredSpikeTrains>(*in_memory->trains);
    Recording in_part = *in_memory;
    in_part.trains = std::make_shared<PartlyInMemory>(in_memory->trains);
    for (const Kind& kind : kinds()) {
      INFO(kind.name << " of " << units << " units");
      const std::string expected = written(kind, *in_memory, folder.at("memory"), 1);
      CHECK(written(kind, in_file, folder.at("file"), all_threads) == expected);
      CHECK(written(kind, in_part, folder.at("part"), all_threads) == expected);
      for (const std::string& name : folder.names()) remove(folder.at(name));
    }
  }
}

TEST_CASE("exports: many at once, from several threads") {
  const TemporaryFolder folder;
  Random random(2);
  const auto recording = make_recording(20, 1000, random);
  std::vector<std::string> expected;
  for (const Kind& kind : kinds()) expected.push_back(written(kind, *recording, folder.at(kind.name), 1));
  std::atomic<int> wrong = 0;
  const auto export_many = [&](unsigned thread) {
    for (std::size_t i = 0; i < 2 * kinds().size(); i++) {
      const std::size_t number = (i + 5 * thread) % kinds().size();
      const Kind& kind = kinds()[number];
      const std::string path = folder.at("of " + std::to_string(thread));
      const bool failed = run(kind.job(*recording, path, {.threads = all_threads}).job) != nullptr;
      if (failed || content_at(path, kind) != expected[number]) wrong++;
      remove(path);
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned thread = 0; thread < all_threads; thread++) threads.emplace_back(export_many, thread);
  threads.clear();
  CHECK(wrong == 0);
  CHECK(folder.names().size() == kinds().size());
}

TEST_CASE("exports: several to one path") {
  const TemporaryFolder folder;
  Random random(3);
  const auto recording = make_recording(10, 500, random);
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    const std::string path = folder.at("one");
    const std::string expected = written(kind, *recording, path, 1);
    std::atomic<int> failed = 0;
    std::vector<std::jthread> threads;
    for (unsigned thread = 0; thread < all_threads; thread++) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; i++) failed += run(kind.job(*recording, path, {.threads = 2}).job) ? 1 : 0;
      });
    }
    threads.clear();
    CHECK(failed == 0);
    CHECK(content_at(path, kind) == expected);
    CHECK(folder.names() == std::vector<std::string>{"one"});
    remove(path);
  }
}

TEST_CASE("exports: stopped at any moment, all is as it was before, or whole") {
  constexpr int times = 10;
  const TemporaryFolder folder;
  Random random(4);
  const auto recording = make_recording(12, 4000, random);
  int stopped = 0;
  microseconds slowest{};
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    const std::string path = folder.at("stopped");
    const auto job = [&] { return kind.job(*recording, path, {.threads = all_threads}).job; };
    const microseconds whole_time = time_of([&] { CHECK(!run(job())); });
    const std::string whole = content_at(path, kind);
    for (int i = 0; i < times; i++) {
      remove(path);
      const microseconds moment(random.below(static_cast<std::uint64_t>(whole_time.count()) + 1));
      std::exception_ptr failure;
      const microseconds time = time_of([&] { failure = run(job(), moment); });
      if (is_cancelled(failure)) {
        stopped++;
        slowest = std::max(slowest, time - moment);
        CHECK(folder.names().empty());
      } else {
        CHECK(message_of(failure) == "");
        CHECK(content_at(path, kind) == whole);
      }
    }
    remove(path);
  }
  std::cout << "# " << stopped << " of " << times * kinds().size() << " exports were stopped, the slowest within "
            << slowest.count() << " µs\n";
  CHECK(stopped > 0);
}

TEST_CASE("exports: where nothing can be written") {
  const TemporaryFolder folder;
  Random random(5);
  const auto recording = make_recording(3, 100, random);
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    CHECK(message_of(run(kind.job(*recording, "/dev/null/x", {.threads = 2}).job)) != "");
    CHECK(message_of(run(kind.job(*recording, folder.at(std::string(300, 'x')), {.threads = 2}).job)) != "");
  }
  CHECK(folder.names().empty());
}

}  // namespace
}  // namespace spikeport::test
