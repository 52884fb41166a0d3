// Samples in chunks of HDF5 datasets: windows of every form, by several threads, and chunks that cannot be decoded.
#include "hdf5/reading/chunked_samples.h"

#include <doctest/doctest.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/errors.h"
#include "engine/thread_pool.h"
#include "exports/temporary_folder.h"
#include "hdf5/library/error.h"
#include "hdf5/reading/chunk_cache.h"
#include "hdf5/reading/sample_opening.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

using hdf5::ChunkCache;
using State = ChunkCache::Chunk::State;
using Samples = std::vector<std::int16_t>;

/** Runs a function on the library's thread, and throws what it throws. */
void with_library(const std::function<void()>& run) {
  const auto task = std::make_shared<std::packaged_task<void()>>(run);
  auto done = task->get_future();
  hdf5_thread().post([task] { (*task)(); });
  done.get();
}

/** A dataset of two axes, in compressed chunks. */
void write_dataset(const std::string& path, const Samples& numbers, std::array<hsize_t, 2> shape,
                   std::array<hsize_t, 2> chunk) {
  with_library([&] {
    hdf5::initialize();
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(2, shape.data(), nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(creation, 2, chunk.data());
    H5Pset_shuffle(creation);
    H5Pset_deflate(creation, 1);
    const hid_t dataset = H5Dcreate2(file, "raw", H5T_STD_I16LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    CHECK(H5Dwrite(dataset, H5T_NATIVE_INT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()) >= 0);
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
    CHECK(H5Fclose(file) >= 0);
  });
}

std::shared_ptr<const SampleFile> open_raw(const std::string& path, bool by_channel) {
  std::shared_ptr<const SampleFile> samples;
  with_library([&] {
    const auto file = hdf5::open_file(path, "file");
    while (file->open_some()) continue;
    hdf5::SampleOpening opening("/raw", by_channel);
    while (opening.open_some(*file)) continue;
    opening.close();
    samples = opening.take();
  });
  return samples;
}

Samples noise_of(std::uint64_t count) {
  Random random(5);
  Samples numbers(count);
  for (auto& number : numbers) number = static_cast<std::int16_t>(random.below(300));
  return numbers;
}

TEST_CASE("chunked samples: windows of any length, by several threads") {
  constexpr std::uint64_t channels = 13;
  constexpr std::uint64_t samples = 5'003;
  const Samples numbers = noise_of(channels * samples);
  for (const auto chunk : {std::array<hsize_t, 2>{1, 700}, {4, 64}, {13, 5003}, {13, 1}}) {
    for (const bool by_channel : {false, true}) {
      const TemporaryFolder folder;
      const std::array<hsize_t, 2> shape{channels, samples};
      // The same samples in both orders: number (sample, channel) is that of the list at sample * channels + channel.
      Samples in_file(numbers.size());
      for (std::uint64_t i = 0; i < numbers.size(); i++) {
        in_file[by_channel ? i % channels * samples + i / channels : i] = numbers[i];
      }
      write_dataset(folder.at("a.h5"), in_file, by_channel ? shape : std::array<hsize_t, 2>{samples, channels},
                    by_channel ? chunk : std::array<hsize_t, 2>{chunk[1], chunk[0]});
      const auto file = open_raw(folder.at("a.h5"), by_channel);
      CHECK(file->channels() == channels);
      CHECK(file->samples() == samples);
      CHECK(file->lies_by_channel() == (by_channel && chunk[0] == 1));
      const SampleReader reader(file);
      std::atomic<int> wrong = 0;
      const auto read = [&](std::uint64_t seed) {
        Random random(seed);
        Samples window(numbers.size());
        for (int i = 0; i < 40; i++) {
          const std::uint64_t first = random.below(samples);
          const std::uint64_t count =
              random.below(std::min<std::uint64_t>(samples - first, i % 4 == 0 ? 5000 : 50)) + 1;
          reader.read(first, count, reinterpret_cast<std::byte*>(window.data()));
          const auto expected = std::span(numbers).subspan(first * channels, count * channels);
          if (!std::ranges::equal(std::span(window).first(expected.size()), expected)) wrong++;
          if (!file->lies_by_channel()) continue;
          const std::uint64_t channel = random.below(channels);
          reader.read_channel(channel, first, count, reinterpret_cast<std::byte*>(window.data()));
          for (std::uint64_t j = 0; j < count; j++) {
            if (window[j] != numbers[(first + j) * channels + channel]) wrong++;
          }
        }
      };
      std::vector<std::thread> threads;
      for (std::uint64_t seed = 1; seed <= 4; seed++) threads.emplace_back(read, seed);
      for (auto& thread : threads) thread.join();
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("chunked samples: a chunk that does not inflate, for every thread that needs it") {
  const TemporaryFolder folder;
  const std::string path = folder.at("a.h5");
  write_dataset(path, noise_of(40'000), {4, 10'000}, {4, 1000});
  std::FILE* const file = std::fopen(path.c_str(), "r+b");
  REQUIRE(file != nullptr);
  // The chunks are at the end of the file.
  std::fseek(file, -3000, SEEK_END);
  const std::vector<char> rubbish(2000, 'x');
  CHECK(std::fwrite(rubbish.data(), 1, rubbish.size(), file) == rubbish.size());
  std::fclose(file);
  const SampleReader reader(open_raw(path, true));
  std::atomic<int> errors = 0;
  const auto read = [&] {
    Samples all(40'000);
    try {
      reader.read(0, 10'000, reinterpret_cast<std::byte*>(all.data()));
    } catch (const FormatError& error) {
      if (std::string(error.what()).starts_with("a chunk of it is damaged")) errors++;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back(read);
  for (auto& thread : threads) thread.join();
  CHECK(errors == 4);
}

TEST_CASE("chunk cache: what was used last stays, up to its bytes") {
  ChunkCache cache(30);
  const auto add = [&cache](std::uint64_t number, std::size_t bytes) {
    const auto [chunk, is_callers] = cache.find(number, bytes);
    if (!is_callers) return false;
    chunk->bytes.resize(bytes, static_cast<std::byte>(number));
    cache.end(chunk, State::ready);
    return true;
  };
  CHECK(add(1, 10));
  CHECK(add(2, 10));
  CHECK(add(3, 10));
  CHECK_FALSE(add(1, 10));
  // The second one was not used for the longest time.
  CHECK(add(4, 10));
  CHECK_FALSE(add(1, 10));
  CHECK(add(2, 10));
  // One that is larger than all room is kept alone.
  CHECK(add(5, 100));
  CHECK_FALSE(add(5, 100));
  CHECK(add(1, 10));
}

TEST_CASE("chunk cache: one thread decodes, and others wait") {
  ChunkCache cache(100);
  const auto mine = cache.find(1, 10);
  CHECK(mine.is_callers);
  const auto theirs = cache.find(1, 10);
  CHECK_FALSE(theirs.is_callers);
  CHECK_FALSE(cache.is_ready(theirs.chunk));
  std::thread waiting([&] { CHECK(cache.wait(theirs.chunk)); });
  mine.chunk->bytes.resize(10);
  cache.end(mine.chunk, State::ready);
  waiting.join();
  // After a failure it is another thread's turn.
  const auto failing = cache.find(2, 10);
  const auto hoping = cache.find(2, 10);
  cache.end(failing.chunk, State::failed);
  CHECK_FALSE(cache.wait(hoping.chunk));
  CHECK(cache.find(2, 10).is_callers);
}

}  // namespace
}  // namespace spikeport::test
