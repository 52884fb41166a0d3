// Samples that stay in a file: read in every layout, by several threads, and averaged slab by slab.
#include "sources/file_samples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/errors.h"
#include "exports/temporary_folder.h"
#include "reading/flat_samples.h"
#include "spikes/mean_waveforms.h"
#include "spikes/memory_spike_trains.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

using Numbers = std::vector<std::int16_t>;

Numbers random_numbers(std::uint64_t count) {
  Random random(3);
  Numbers numbers(count);
  for (auto& number : numbers) number = static_cast<std::int16_t>(random.below(1U << 16U));
  return numbers;
}

void write_file(const std::string& path, std::span<const std::byte> bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  CHECK(std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size());
  std::fclose(file);
}

/** A file in which samples × channels lie as a layout says, among other numbers. */
std::shared_ptr<const SampleFile> file_of(const std::string& path, const Numbers& samples, FlatLayout layout) {
  layout.stored = {.type = ElementType::i16, .is_big_endian = layout.stored.is_big_endian};
  Numbers all(layout.by_channel ? layout.channels * layout.stride : layout.samples * layout.stride, -1);
  for (std::uint64_t i = 0; i < samples.size(); i++) {
    const std::uint64_t sample = i / layout.channels;
    const std::uint64_t channel = i % layout.channels;
    const std::int16_t number = samples[i];
    all[layout.by_channel ? channel * layout.stride + sample : sample * layout.stride + channel] =
        layout.stored.is_big_endian
            ? std::bit_cast<std::int16_t>(static_cast<std::uint16_t>(static_cast<std::uint16_t>(number) << 8U |
                                                                     static_cast<std::uint16_t>(number) >> 8U))
            : number;
  }
  std::vector<std::byte> bytes(layout.offset + all.size() * sizeof(std::int16_t));
  std::ranges::copy(std::as_bytes(std::span(all)), bytes.begin() + static_cast<std::ptrdiff_t>(layout.offset));
  write_file(path, bytes);
  return open_flat_samples(path, "samples", bytes.size(), layout);
}

std::vector<FlatLayout> layouts(std::uint64_t channels, std::uint64_t samples) {
  std::vector<FlatLayout> all;
  for (const bool by_channel : {false, true}) {
    for (const std::uint64_t more : {0U, 3U}) {
      for (const bool is_big_endian : {false, true}) {
        FlatLayout layout{
            .offset = 7, .stored = {}, .channels = channels, .samples = samples, .by_channel = by_channel};
        layout.stride = (by_channel ? samples : channels) + more;
        layout.stored.is_big_endian = is_big_endian;
        all.push_back(layout);
      }
    }
  }
  return all;
}

TEST_CASE("file samples: blocks that begin and end anywhere") {
  constexpr std::uint64_t channels = 11;
  constexpr std::uint64_t samples = 40'000;
  const Numbers numbers = random_numbers(channels * samples);
  for (const FlatLayout& layout : layouts(channels, samples)) {
    const TemporaryFolder folder;
    const auto file = file_of(folder.at("a"), numbers, layout);
    for (const bool by_channel : {false, true}) {
      if (by_channel && !file->lies_by_channel()) continue;
      const FileSamples source(file, by_channel);
      Numbers read(numbers.size());
      const auto fill = [&](std::uint64_t first, std::uint64_t end, std::uint64_t some) {
        for (; first < end; first += some) {
          const auto part = std::span(read).subspan(first, std::min(some, end - first));
          source.fill(first, std::as_writable_bytes(part));
        }
      };
      std::vector<std::thread> threads;
      threads.emplace_back(fill, 0, numbers.size() / 2, 100'003);
      threads.emplace_back(fill, numbers.size() / 2, numbers.size(), 777);
      for (auto& thread : threads) thread.join();
      bool is_same = true;
      for (std::uint64_t i = 0; i < numbers.size(); i++) {
        const std::uint64_t at = by_channel ? i / samples + i % samples * channels : i;
        is_same = is_same && read[i] == numbers[at];
      }
      CHECK(is_same);
    }
    const FileInt16 skipping(file, 5, std::nullopt);
    Numbers part(100);
    skipping.fill(3, std::as_writable_bytes(std::span(part)));
    CHECK(std::ranges::equal(part, std::span(numbers).subspan(5 * channels + 3, 100)));
    const FileInt16 scaled(file, 0, 0.5);
    scaled.fill(3, std::as_writable_bytes(std::span(part)));
    CHECK(part[0] == static_cast<std::int16_t>(std::nearbyint(numbers[3] * 0.5)));
  }
}

TEST_CASE("file samples: a file that is not as it was") {
  const TemporaryFolder folder;
  const std::string path = folder.at("a");
  const FlatLayout layout{.offset = 0,
                          .stored = {.type = ElementType::i16},
                          .channels = 2,
                          .samples = 10,
                          .by_channel = false,
                          .stride = 2};
  write_file(path, std::vector<std::byte>(40));
  CHECK_THROWS_AS(open_flat_samples(path, "a", 41, layout), FormatError);
  FlatLayout longer = layout;
  for (const std::uint64_t samples : {std::uint64_t{11}, std::uint64_t{1} << 52U, ~std::uint64_t{0}}) {
    longer.samples = samples;
    CHECK_THROWS_AS(open_flat_samples(path, "a", 40, longer), FormatError);
  }
  const auto file = open_flat_samples(path, "a", 40, layout);
  const FileSamples before(file, false);
  std::vector<std::byte> block(40);
  before.fill(0, block);
  write_file(path, std::vector<std::byte>(36));
  CHECK_THROWS_AS(before.fill(0, block), FormatError);
  CHECK_THROWS_AS(FileSamples(file, false).fill(0, block), FormatError);
}

/** Averages with some threads, each stage of which waits for the one before. */
std::vector<float> means_of(const MeanWaveformsRequest& request, unsigned threads) {
  std::vector<float> means(request.trains->unit_count() * request.window * request.width);
  MeanWaveforms averaging(request, means, threads);
  const auto all = [threads](auto work) {
    std::vector<std::thread> running;
    for (unsigned i = 0; i < threads; i++) {
      running.emplace_back([work, i] {
        while (work(i)) {
        }
      });
    }
    for (auto& thread : running) thread.join();
  };
  std::uint64_t done = 0;
  for (std::uint64_t slab = 0; slab < averaging.slab_count(); slab++) {
    averaging.begin_slab();
    if (averaging.reads()) all([&](unsigned /*participant*/) { return averaging.read_some(); });
    all([&](unsigned participant) { return averaging.add_some(participant); });
    for (unsigned i = 0; i < threads; i++) done += averaging.take_done(i);
  }
  CHECK(done == averaging.byte_count());
  return means;
}

TEST_CASE("mean waveforms: the same from a file, slab by slab, as from memory") {
  constexpr std::uint64_t channels = 1000;
  constexpr std::uint64_t samples = 4000;
  const Numbers numbers = random_numbers(channels * samples);
  Numbers turned(numbers.size());
  for (std::uint64_t i = 0; i < numbers.size(); i++) turned[i % channels * samples + i / channels] = numbers[i];
  std::vector<double> often(samples / 5);
  for (std::size_t i = 0; i < often.size(); i++) often[i] = static_cast<double>(i) * 5 / 20;
  std::vector<double> seldom = {0, 1.5, 64, 199.95};
  auto trains = std::make_shared<MemorySpikeTrains>();
  trains->append(often);
  trains->append(seldom);
  MeanWaveformsRequest request{.trains = trains,
                               .fs_hz = 20'000,
                               .start_ms = 0,
                               .type = ElementType::i16,
                               .data = std::as_bytes(std::span(turned)).data(),
                               .file = nullptr,
                               .samples = samples,
                               .first_sample = 0,
                               .before = 20,
                               .window = 61,
                               .rows = {},
                               .channels = {0, 5, 999, 998, -1, 7},
                               .width = 3,
                               .slab_bytes = std::uint64_t{1} << 21U};
  request.rows.resize(channels);
  for (std::size_t i = 0; i < channels; i++) request.rows[i] = static_cast<std::int32_t>(i);
  const auto expected = means_of(request, 1);
  for (const FlatLayout& layout : layouts(channels, samples)) {
    if (layout.stored.is_big_endian) continue;
    const TemporaryFolder folder;
    request.file = file_of(folder.at("a"), numbers, layout);
    request.data = nullptr;
    CHECK(MeanWaveforms(request, {}, 1).slab_count() > 2);
    CHECK(means_of(request, 1) == expected);
    CHECK(means_of(request, 3) == expected);
  }
}

}  // namespace
}  // namespace spikeport::test
