// Datasets that come as a stream: jobs of several tiles at once, and what both writers make of them.
#include "hdf5/streams/streamed_dataset.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exports/library_reader.h"
#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "hdf5/export.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

constexpr std::uint64_t channels = 7;

/** Appends everything, has each full tile written while the next ones are filled, and waits for all. */
void write_all(hdf5::StreamedDataset& dataset, std::span<const std::byte> bytes,
               const std::shared_ptr<hdf5::BegunFile>& file) {
  std::vector<std::future<std::exception_ptr>> jobs;
  const auto flush = [&] {
    if (const auto job = dataset.flush(file, 3))
      jobs.push_back(std::async(std::launch::async, [job] { return run(job); }));
  };
  while (!bytes.empty()) {
    bytes = bytes.subspan(dataset.append(bytes));
    if (dataset.is_full()) flush();
  }
  flush();
  for (auto& job : jobs) CHECK(message_of(job.get()).empty());
}

/** The elements of the dataset in the file that a writer makes. */
std::string file_written(std::span<const std::int16_t> numbers, const hdf5::Chunking& chunking, const std::string& path,
                         hdf5::Writer writer) {
  const auto file = std::make_shared<hdf5::BegunFile>(path);
  file->open();
  const auto dataset = std::make_shared<hdf5::StreamedDataset>(ElementType::i16, channels, chunking);
  write_all(*dataset, std::as_bytes(numbers), file);
  const auto chunks = dataset->chunks();
  hdf5::Plan plan{.target = path, .attributes = {}, .objects = {}};
  plan.objects.emplace_back(hdf5::Dataset{
      .path = "raw", .source = chunks, .chunking = dataset->chunking(), .attributes = {}, .streamed = chunks});
  plan.begun = file;
  CHECK(message_of(run(hdf5::export_job(std::move(plan), {.threads = 3}, writer).job)).empty());
  const auto content = read_by_library(path);
  const auto found = std::ranges::find_if(content, [](const auto& entry) { return entry.first.ends_with("raw"); });
  REQUIRE(found != content.end());
  return found->second;
}

TEST_CASE("streamed datasets: all samples, in tiles written by several jobs") {
  Random random(1);
  for (const std::uint64_t samples : {0U, 1U, 999U, 300'000U}) {
    std::vector<std::int16_t> numbers(channels * samples);
    for (auto& number : numbers) number = static_cast<std::int16_t>(random.below(1U << 16U));
    std::vector<std::int16_t> turned(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); i++) turned[i % channels * samples + i / channels] = numbers[i];
    for (const bool grows_last : {false, true}) {
      const auto& expected = grows_last ? turned : numbers;
      const auto bytes = std::as_bytes(std::span(expected));
      const std::string wanted(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      for (const hdf5::Writer writer : {hdf5::Writer::direct, hdf5::Writer::library}) {
        hdf5::Chunking chunking{};
        chunking.chunk = grows_last ? std::vector<std::uint64_t>{3, 1000} : std::vector<std::uint64_t>{1000, 3};
        chunking.is_extendable = true;
        chunking.grows_last = grows_last;
        if (samples == 999) chunking.deflate_level = 1;
        const TemporaryFolder folder;
        CHECK(file_written(numbers, chunking, folder.at("a.h5"), writer).ends_with(wanted));
        CHECK(folder.names() == std::vector<std::string>{"a.h5"});
      }
    }
  }
}

TEST_CASE("streamed datasets: what is discarded is gone, and takes no more") {
  const TemporaryFolder folder;
  const auto file = std::make_shared<hdf5::BegunFile>(folder.at("a.h5"));
  file->open();
  CHECK(folder.names().size() == 1);
  hdf5::Chunking chunking{};
  chunking.chunk = {10, channels};
  chunking.is_extendable = true;
  const auto dataset = std::make_shared<hdf5::StreamedDataset>(ElementType::i16, channels, chunking);
  const std::vector<std::byte> sample(2 * channels);
  CHECK(dataset->append(sample) == sample.size());
  const auto job = dataset->flush(file, 1);
  file->discard();
  CHECK(is_cancelled(run(job)));
  CHECK(folder.names().empty());
}

}  // namespace
}  // namespace spikeport::test
