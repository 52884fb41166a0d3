// Values of spikes in spools, and in files of others: they stay with their spikes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/errors.h"
#include "engine/job.h"
#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "platform/error.h"
#include "spikes/file_spike_trains.h"
#include "spikes/not_finite_search.h"
#include "spikes/spool.h"
#include "spikes/spool_merge.h"
#include "spikes/stored_values.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

/** Values of a spike, by the number with which it comes. */
struct Values {
  std::vector<std::uint32_t> numbers;
  std::vector<std::uint8_t> small;
  std::vector<double> floats;

  void add(std::uint32_t number) {
    numbers.push_back(number);
    small.push_back(static_cast<std::uint8_t>(number % 251));
    floats.push_back(number / 3.0);
  }
};

const std::vector<ElementType> value_types{ElementType::u32, ElementType::u8, ElementType::f64};

/** How spikes come, and how little memory they have. */
struct ValueCase {
  std::size_t units;
  std::size_t spikes;
  std::size_t run_spikes;
  std::size_t range_spikes;
  /** Of each unit with an even number: how many different times it has. */
  std::uint64_t times;
};

void run_through(const std::function<bool(Job&, unsigned)>& work, unsigned participants = 1) {
  const auto failure = run(
      std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = work, .participants = participants}}));
  REQUIRE(!failure);
}

template <typename T>
std::span<const std::byte> bytes_from(const std::vector<T>& numbers, std::size_t from, std::size_t count) {
  return std::as_bytes(std::span(numbers).subspan(from, count));
}

template <typename T>
std::vector<T> column_of(const SpikeTrains& trains, std::size_t column, std::uint64_t first, std::uint64_t count) {
  std::vector<T> values(count);
  trains.read_values(column, first, std::as_writable_bytes(std::span(values)));
  return values;
}

TEST_CASE("spool: values stay with their spikes, and spikes of one time as they came") {
  const TemporaryFolder folder;
  Random random(5);
  const std::vector<ValueCase> cases{
      {.units = 4, .spikes = 0, .run_spikes = 10, .range_spikes = 10, .times = 3},
      {.units = 4, .spikes = 9, .run_spikes = 10, .range_spikes = 10, .times = 2},
      {.units = 9, .spikes = 20'000, .run_spikes = 1000, .range_spikes = 3000, .times = 1000},
      {.units = 9, .spikes = 20'000, .run_spikes = 777, .range_spikes = 100, .times = 50},
      {.units = 3, .spikes = 50'000, .run_spikes = 7000, .range_spikes = 1500, .times = 7},
      {.units = 30'000, .spikes = 50'000, .run_spikes = 9000, .range_spikes = 2000, .times = 3},
      // In order of time: those of even units are all equal.
      {.units = 4, .spikes = 50'000, .run_spikes = 9000, .range_spikes = 2000, .times = 1},
  };
  for (const ValueCase& of : cases) {
    INFO(of.units << " units, " << of.spikes << " spikes, ranges of " << of.range_spikes);
    std::vector<std::uint32_t> units;
    std::vector<double> times;
    Values values;
    std::vector<std::vector<std::uint32_t>> expected(of.units);
    for (std::uint32_t i = 0; i < of.spikes; i++) {
      const auto unit = static_cast<std::uint32_t>(random.below(of.units));
      units.push_back(unit);
      times.push_back(unit % 2 == 0 ? static_cast<double>(random.below(of.times)) : std::floor(i / 10.0));
      values.add(i);
      expected[unit].push_back(i);
    }
    for (auto& own : expected) std::ranges::stable_sort(own, {}, [&](std::uint32_t i) { return times[i]; });

    const auto spool = std::make_shared<Spool>(Spool::Settings{.folder = folder.at(""),
                                                               .name = "the spool",
                                                               .run_spikes = of.run_spikes,
                                                               .most_units = of.units,
                                                               .values = ValueLayout(value_types)});
    for (std::size_t from = 0; from < of.spikes;) {
      const std::size_t batch = std::min<std::size_t>(1 + random.below(2 * of.run_spikes), of.spikes - from);
      const std::vector<std::span<const std::byte>> columns{bytes_from(values.numbers, from, batch),
                                                            bytes_from(values.small, from, batch),
                                                            bytes_from(values.floats, from, batch)};
      const auto batch_times = std::span<const double>(times).subspan(from, batch);
      from += spool->append(std::span<const std::uint32_t>(units).subspan(from, batch), batch_times, columns);
      if (!spool->is_full()) continue;
      spool->hand_over();
      run_through([&](Job& /*job*/, unsigned /*participant*/) { return spool->write_some(); });
    }
    spool->hand_over();
    SpoolMerge merge(spool, {}, of.units, of.range_spikes, 3);
    run_through([&](Job& /*job*/, unsigned /*participant*/) { return merge.begin(); });
    run_through([&](Job& job, unsigned participant) { return merge.merge_some(job, participant); }, 3);
    static_cast<void>(merge.finish());
    spool->close();
    const auto trains = merge.trains();
    REQUIRE(trains->value_types().size() == 3);
    std::vector<std::uint32_t> flat;
    for (const auto& own : expected) flat.insert(flat.end(), own.begin(), own.end());
    Values all;
    for (const std::uint32_t number : flat) all.add(number);
    CHECK(column_of<std::uint32_t>(*trains, 0, 0, of.spikes) == all.numbers);
    CHECK(column_of<std::uint8_t>(*trains, 1, 0, of.spikes) == all.small);
    CHECK(column_of<double>(*trains, 2, 0, of.spikes) == all.floats);
    if (of.spikes < 2) continue;

    // Selected units, and a part that begins and ends within units.
    const std::vector<double> chosen{2, -1, 0, 99'999'999};
    const FileSpikeTrains selected(*trains, chosen);
    std::vector<std::uint32_t> of_chosen = expected[2];
    of_chosen.insert(of_chosen.end(), expected[0].begin(), expected[0].end());
    REQUIRE(selected.spike_count() == of_chosen.size());
    CHECK(column_of<std::uint32_t>(selected, 0, 0, of_chosen.size()) == of_chosen);
    CHECK(column_of<std::uint32_t>(selected, 0, 1, of_chosen.size() - 1) ==
          std::vector<std::uint32_t>(of_chosen.begin() + 1, of_chosen.end()));
    trains->close();
    CHECK_THROWS_AS(column_of<std::uint8_t>(*trains, 1, 0, 1), SystemError);
  }
}

TEST_CASE("spool: no more spikes are taken than have values") {
  const TemporaryFolder folder;
  Spool spool({.folder = folder.at(""),
               .name = "the spool",
               .run_spikes = 10,
               .most_units = 3,
               .values = ValueLayout({ElementType::u8, ElementType::f64})});
  const std::vector<std::uint8_t> units{0, 1, 2};
  const std::vector<double> times{1, 2, 3};
  const auto taken = [&](std::size_t small, std::size_t large) {
    const std::vector<std::span<const std::byte>> columns{bytes_from(units, 0, small), bytes_from(times, 0, large)};
    return spool.append(std::span<const std::uint8_t>(units), std::span<const double>(times), columns);
  };
  CHECK(taken(3, 2) == 2);
  CHECK(taken(1, 3) == 1);
  CHECK(taken(0, 3) == 0);
  CHECK(taken(3, 3) == 3);
  CHECK(spool.append(std::span<const std::uint8_t>(units), std::span<const double>(times)) == 0);
  CHECK(spool.append(1, std::span<const double>(times)) == 0);
  CHECK_FALSE(spool.problem());
}

TEST_CASE("values in place: halves, either byte order, a file that changes") {
  const TemporaryFolder folder;
  const std::string path = folder.at("values");
  constexpr std::size_t offset = 7;
  const auto place = [&](const std::vector<std::byte>& bytes, const kernels::StoredElements& stored) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    auto file = std::make_shared<const platform::InputFile>(path, "the file");
    const auto opened = file->state();
    return ValuesInPlace(
        {.in = {.file = std::move(file), .opened = opened, .object = "/values"}, .offset = offset, .stored = stored});
  };
  constexpr std::size_t count = 20'000;
  // The bits of 1, 2 and 3 as halves, with the higher byte first.
  const std::vector<std::byte> halves{std::byte{0x3c}, std::byte{0},    std::byte{0x40},
                                      std::byte{0},    std::byte{0x42}, std::byte{0}};
  std::vector<std::byte> bytes(offset);
  for (std::size_t i = 0; i < count; i++) bytes.insert(bytes.end(), &halves[i % 3 * 2], &halves[i % 3 * 2] + 2);
  auto values = place(bytes, {.type = ElementType::f32, .is_big_endian = true, .is_half = true});
  CHECK(values.type() == ElementType::f32);
  std::vector<float> read(count - 1);
  values.read(1, std::as_writable_bytes(std::span(read)));
  bool is_same = true;
  for (std::size_t i = 0; i < read.size(); i++) is_same = is_same && read[i] == static_cast<float>((i + 1) % 3 + 1);
  CHECK(is_same);
  auto whole = place(bytes, {.type = ElementType::u16});
  std::vector<std::uint16_t> numbers(2);
  whole.read(0, std::as_writable_bytes(std::span(numbers)));
  CHECK(numbers == std::vector<std::uint16_t>{0x003c, 0x0040});
  std::filesystem::resize_file(path, offset + 10);
  CHECK_THROWS_AS(whole.read(0, std::as_writable_bytes(std::span(numbers))), FormatError);
  CHECK_THROWS_AS(whole.read(100, std::as_writable_bytes(std::span(numbers))), FormatError);
  CHECK_THROWS_AS(values.read(0, std::as_writable_bytes(std::span(read))), FormatError);
  values.close();
  CHECK_THROWS_AS(values.read(0, std::as_writable_bytes(std::span(read))), SystemError);
}

/** Trains whose one column is in memory. */
class TrainsWithValues : public SpikeTrains {
 public:
  TrainsWithValues(ElementType type, std::vector<std::byte> bytes, const std::vector<std::uint64_t>& counts)
      : types_{type}, bytes_(std::move(bytes)) {
    for (const std::uint64_t count : counts) add_unit(count);
  }
  void read(std::size_t /*unit*/, std::uint64_t /*offset*/, std::span<double> /*block*/) const override {}
  [[nodiscard]] std::span<const ElementType> value_types() const override { return types_; }
  void read_values(std::size_t /*column*/, std::uint64_t first, std::span<std::byte> block) const override {
    std::memcpy(block.data(), &bytes_[first * size_of(types_[0])], block.size());
  }

 private:
  std::vector<ElementType> types_;
  std::vector<std::byte> bytes_;
};

template <typename Number>
std::vector<std::size_t> units_not_finite(ElementType type, const std::vector<Number>& values,
                                          const std::vector<std::uint64_t>& counts) {
  const auto bytes = std::as_bytes(std::span(values));
  NotFiniteSearch search(std::make_shared<TrainsWithValues>(type, std::vector(bytes.begin(), bytes.end()), counts), 0);
  run_through([&](Job& /*job*/, unsigned /*participant*/) { return search.look_at_some(); }, 3);
  return search.units();
}

TEST_CASE("units with values that are not finite") {
  using Units = std::vector<std::size_t>;
  constexpr std::uint64_t many = 400'000;
  std::vector<double> doubles(2 * many + 3);
  const std::vector<std::uint64_t> counts{many, 0, 3, many};
  CHECK(units_not_finite(ElementType::f64, doubles, counts) == Units{});
  doubles[many + 1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(units_not_finite(ElementType::f64, doubles, counts) == Units{2});
  doubles[2 * many + 2] = -std::numeric_limits<double>::infinity();
  doubles[0] = std::numeric_limits<double>::infinity();
  CHECK(units_not_finite(ElementType::f64, doubles, counts) == Units{0, 2, 3});
  std::vector<float> floats(many);
  floats[many - 1] = std::numeric_limits<float>::infinity();
  CHECK(units_not_finite(ElementType::f32, floats, {1, many - 1}) == Units{1});
  // No bits of whole numbers are wrong.
  CHECK(units_not_finite(ElementType::u64, std::vector<std::uint64_t>(5, ~std::uint64_t{0}), {5}) == Units{});
  CHECK(units_not_finite(ElementType::f64, std::vector<double>{}, {0, 0}) == Units{});
}

}  // namespace
}  // namespace spikeport::test
