// Spike times that stay where another file has them, and the one look at all of them.
#include "spikes/stored_times.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "engine/errors.h"
#include "engine/job.h"
#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "platform/error.h"
#include "spikes/file_spike_trains.h"
#include "spikes/train_inspection.h"

namespace spikeport::test {
namespace {

using kernels::Scaling;
using kernels::StoredElements;

/** Bytes before the times, so that they are at no even place. */
constexpr std::size_t offset = 13;

template <typename T>
std::vector<std::byte> bytes_of(const std::vector<double>& numbers, bool is_big_endian) {
  std::vector<std::byte> bytes(offset);
  for (const double number : numbers) {
    const T element = static_cast<T>(number);
    std::byte stored[sizeof(T)];
    std::memcpy(stored, &element, sizeof(T));
    if (is_big_endian) std::ranges::reverse(stored);
    bytes.insert(bytes.end(), std::begin(stored), std::end(stored));
  }
  return bytes;
}

void write(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  REQUIRE(file.good());
}

/** The times of a file that was opened just now. */
std::shared_ptr<TimesInPlace> times_at(const std::string& path, const StoredElements& stored, const Scaling& scaling) {
  auto file = std::make_shared<const platform::InputFile>(path, "the file");
  const auto opened = file->state();
  return std::make_shared<TimesInPlace>(
      TimesPlace{.in = {.file = std::move(file), .opened = opened, .object = "/times"},
                 .runs = {{.first = 0, .offset = offset, .stored = stored}},
                 .scaling = scaling});
}

bool are_same_bits(std::span<const double> a, std::span<const double> b) {
  const auto bits = [](double number) { return std::bit_cast<std::uint64_t>(number); };
  return std::ranges::equal(a, b, {}, bits, bits);
}

std::vector<double> counted(std::size_t count) {
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; i++) numbers[i] = static_cast<double>(i);
  return numbers;
}

template <typename T>
void check_type(const std::string& path, ElementType type, double step) {
  // More than are converted at once; as many as the type holds.
  const auto most = static_cast<double>(std::numeric_limits<T>::max());
  std::vector<double> numbers = counted(20'011);
  for (double& number : numbers) number = static_cast<double>(static_cast<T>(std::min(number * step, most)));
  for (const bool is_big_endian : {false, true}) {
    for (const Scaling& scaling : {Scaling(), Scaling{.kind = Scaling::Kind::times, .factor = 1e3},
                                   Scaling{.kind = Scaling::Kind::samples_to_ms, .factor = 30'000}}) {
      std::vector<double> expected = numbers;
      for (double& time : expected) {
        if (scaling.kind == Scaling::Kind::times) time = time * 1e3;
        if (scaling.kind == Scaling::Kind::samples_to_ms) time = time / 30'000 * 1000;
      }
      write(path, bytes_of<T>(numbers, is_big_endian));
      const auto times = times_at(path, {.type = type, .is_big_endian = is_big_endian}, scaling);
      for (const std::size_t first : {0UL, 1UL, 8191UL, 20'000UL}) {
        std::vector<double> read(std::min<std::size_t>(16'390, numbers.size() - first));
        times->read(first, read);
        CHECK(are_same_bits(read, std::span(expected).subspan(first, read.size())));
      }
      times->read(0, {});
    }
  }
}

TEST_CASE("times in place: every type, order and scaling") {
  const TemporaryFolder folder;
  const std::string path = folder.at("times");
  check_type<double>(path, ElementType::f64, 0.1);
  check_type<float>(path, ElementType::f32, 0.1);
  check_type<std::int64_t>(path, ElementType::i64, 3);
  check_type<std::uint64_t>(path, ElementType::u64, 3e10);
  check_type<std::int32_t>(path, ElementType::i32, 3);
  check_type<std::uint16_t>(path, ElementType::u16, 2);
  check_type<std::int8_t>(path, ElementType::i8, 1);
}

TEST_CASE("times in place: runs of several types, in any order in the file") {
  const TemporaryFolder folder;
  const std::string path = folder.at("times");
  const std::vector<double> numbers = counted(20'000);
  auto bytes = bytes_of<double>(numbers, false);
  const auto shorts = bytes_of<std::int16_t>(numbers, true);
  const std::uint64_t at = bytes.size() + offset;
  bytes.insert(bytes.end(), shorts.begin(), shorts.end());
  write(path, bytes);
  auto file = std::make_shared<const platform::InputFile>(path, "the file");
  const auto opened = file->state();
  const StoredElements is_double{.type = ElementType::f64};
  const StoredElements is_short{.type = ElementType::i16, .is_big_endian = true};
  const std::vector<TimesRun> runs{{.first = 0, .offset = at + 100 * sizeof(std::int16_t), .stored = is_short},
                                   {.first = 1, .offset = offset, .stored = is_double},
                                   {.first = 9001, .offset = at, .stored = is_short},
                                   {.first = 18'000, .offset = offset, .stored = is_double}};
  std::vector<double> expected{100};
  for (const std::size_t count : {9000UL, 8999UL, 2000UL}) {
    expected.insert(expected.end(), numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(count));
  }
  const TimesInPlace times(
      TimesPlace{.in = {.file = std::move(file), .opened = opened, .object = "/times"}, .runs = runs, .scaling = {}});
  for (const std::size_t first : {0UL, 1UL, 2UL, 9000UL, 9001UL, 17'999UL, 18'000UL, 19'999UL}) {
    for (const std::size_t count : {1UL, 2UL, 8193UL, 20'000UL}) {
      std::vector<double> read(std::min(count, expected.size() - first));
      times.read(first, read);
      CHECK(are_same_bits(read, std::span(expected).subspan(first, read.size())));
    }
  }
}

/** What a read fails with: the problem of a FormatError; nothing where it does not fail. */
std::string problem_of(const StoredTimes& times, std::uint64_t first, std::size_t count) {
  try {
    std::vector<double> read(count);
    times.read(first, read);
    return {};
  } catch (const FormatError& error) {
    CHECK(error.path() == "the file");
    CHECK(error.object() == "/times");
    return error.what();
  }
}

TEST_CASE("times in place: a file that changes") {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const std::string path = folder.at("times");
  const auto bytes = bytes_of<double>(counted(1000), false);
  const auto opened = [&](const Scaling& scaling = {}) {
    write(path, bytes);
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
    auto times = times_at(path, {.type = ElementType::f64}, scaling);
    CHECK(problem_of(*times, 0, 1000).empty());
    return times;
  };
  const std::string changed = "it was changed since it was loaded";
  for (const Scaling& scaling : {Scaling(), Scaling{.kind = Scaling::Kind::times, .factor = 1e3}}) {
    const auto shorter = opened(scaling);
    fs::resize_file(path, offset + 100 * sizeof(double));
    // Those that are still there as well.
    CHECK(problem_of(*shorter, 0, 100) == changed);
    CHECK(problem_of(*shorter, 50, 100) == changed);
    CHECK(problem_of(*shorter, 900, 100) == changed);
    const auto longer = opened(scaling);
    fs::resize_file(path, bytes.size() + 1);
    CHECK(problem_of(*longer, 0, 1) == changed);
    const auto written = opened(scaling);
    write(path, bytes);
    CHECK(problem_of(*written, 999, 1) == changed);
  }
  // The open file is the one that was loaded.
  const auto replaced = opened();
  write(folder.at("other"), bytes_of<double>(std::vector<double>(1000, 7), false));
  fs::rename(folder.at("other"), path);
  CHECK(problem_of(*replaced, 0, 1000).empty());
  fs::remove(path);
  std::vector<double> read(1000);
  replaced->read(0, read);
  CHECK(are_same_bits(read, counted(1000)));
  replaced->close();
  CHECK_THROWS_AS(replaced->read(0, read), SystemError);
}

/** Trains of a file, and whether they are finite and in order. */
struct Inspected {
  std::shared_ptr<FileSpikeTrains> trains;
  bool is_in_order = false;
};

Inspected inspected(const std::string& path, const std::vector<double>& times,
                    const std::vector<std::uint64_t>& counts) {
  write(path, bytes_of<double>(times, false));
  const auto trains = std::make_shared<FileSpikeTrains>(times_at(path, {.type = ElementType::f64}, {}), counts, 1);
  TrainInspection inspection(trains);
  std::atomic<std::uint64_t> spikes = 0;
  const auto inspect = [&](Job& /*job*/, unsigned /*participant*/) {
    const bool more = inspection.inspect_some();
    spikes += inspection.take_inspected();
    return more;
  };
  const auto failure =
      run(std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = inspect, .participants = 3}}));
  REQUIRE(!failure);
  const bool is_in_order = inspection.finish();
  if (is_in_order) CHECK(spikes == times.size());
  return {.trains = trains, .is_in_order = is_in_order};
}

TEST_CASE("train inspection") {
  const TemporaryFolder folder;
  const std::string path = folder.at("times");
  // A block has 131,072 times: the second train goes through two of them, and the third begins in the middle of one.
  const std::vector<std::uint64_t> counts{131'072, 0, 150'000, 100'000};
  std::vector<double> times = counted(381'072);
  for (std::size_t i = 281'072; i < times.size(); i++) times[i] -= 250'000;
  const auto [trains, is_in_order] = inspected(path, times, counts);
  CHECK(is_in_order);
  CHECK(trains->unit_count() == 5);
  const auto facts = trains->facts();
  CHECK(facts[0].first == 0);
  CHECK(facts[0].last == 131'071);
  CHECK(facts[1].first > facts[1].last);
  CHECK(facts[2].first == 131'072);
  CHECK(facts[2].last == 281'071);
  CHECK(facts[3].first == 31'072);
  CHECK(facts[3].last == 131'071);

  const auto stays = [&](std::size_t at, double time) {
    std::vector<double> other = times;
    other[at] = time;
    return inspected(path, other, counts).is_in_order;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(stays(131'072, 0));
  CHECK(stays(281'072, -5));
  CHECK_FALSE(stays(5, 3));
  CHECK_FALSE(stays(381'071, 0));
  // Where a train goes on in the next block.
  CHECK(stays(262'144, 262'143));
  CHECK_FALSE(stays(262'144, 262'142));
  CHECK_FALSE(stays(262'143, 262'145));
  for (const std::size_t at : {0UL, 1UL, 131'071UL, 131'072UL, 262'143UL, 262'144UL, 381'071UL}) {
    CHECK_FALSE(stays(at, nan));
    CHECK_FALSE(stays(at, infinity));
    CHECK_FALSE(stays(at, -infinity));
  }

  CHECK(inspected(path, {}, {}).is_in_order);
  CHECK(inspected(path, {}, {0, 0}).is_in_order);
  CHECK(inspected(path, {1}, {0, 1, 0}).is_in_order);
  CHECK_FALSE(inspected(path, {nan}, {1}).is_in_order);
  // Several trains in a block, each from its own start.
  CHECK(inspected(path, {5, 3, 3, 1}, {1, 2, 1}).is_in_order);
}

TEST_CASE("train inspection: a file that changes") {
  const TemporaryFolder folder;
  const std::string path = folder.at("times");
  write(path, bytes_of<double>(counted(1000), false));
  const auto times = times_at(path, {.type = ElementType::f64}, {});
  const std::vector<std::uint64_t> counts{1000};
  TrainInspection inspection(std::make_shared<FileSpikeTrains>(times, counts, 0));
  std::filesystem::resize_file(path, 500);
  CHECK_THROWS_AS(static_cast<void>(inspection.inspect_some()), FormatError);
}

}  // namespace
}  // namespace spikeport::test
