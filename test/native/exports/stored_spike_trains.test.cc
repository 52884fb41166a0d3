// Sources and exports of spikes that are not in memory: the same bytes as of those that are.
#include "exports/stored_spike_trains.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "exports/kinds.h"
#include "exports/recording.h"
#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "sources/raster.h"
#include "sources/spike_sources.h"
#include "spikes/time_order.h"
#include "support/random.h"

namespace spikeport::test {
namespace {

using SharedTrains = std::shared_ptr<const SpikeTrains>;
using Unit = TimeConversion::Unit;

/** Every source of spikes. */
std::vector<std::shared_ptr<const Source>> sources_of(const SharedTrains& trains, const Recording& recording) {
  return {std::make_shared<SpikeTimes>(trains, TimeConversion{}),
          std::make_shared<SpikeTimes>(trains, TimeConversion{.to = Unit::s}),
          std::make_shared<SpikeTimes>(trains, TimeConversion{.to = Unit::samples, .fs_hz = 30'000}),
          std::make_shared<SpikeTimesIndex>(trains, ElementType::i64),
          std::make_shared<SpikeUnits>(trains, recording.ids),
          std::make_shared<Raster>(trains, kernels::Bins{.start = -1, .width = 7, .count = 20'011})};
}

std::vector<std::byte> filled(const Source& source, std::uint64_t first, std::uint64_t count) {
  std::vector<std::byte> block(count * size_of(source.type()));
  source.fill(first, block);
  return block;
}

/** Some elements: those in place, if there are any, and then the others. */
std::vector<std::byte> gathered(const Source& source, std::uint64_t first, std::uint64_t count) {
  std::vector<std::byte> bytes;
  const std::size_t element = size_of(source.type());
  while (count > 0) {
    const auto ready = source.in_place(first);
    const std::uint64_t part = ready.empty() ? 1 : std::min<std::uint64_t>(count, ready.size() / element);
    const auto made = filled(source, first, part);
    if (!ready.empty()) CHECK(std::ranges::equal(ready.first(made.size()), made));
    bytes.insert(bytes.end(), made.begin(), made.end());
    first += part;
    count -= part;
  }
  return bytes;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> sparse(const Source& source, std::uint64_t first,
                                                            std::uint64_t count) {
  std::vector<SparseElement> elements;
  if (source.sparse() != nullptr) source.sparse()->fill_sparse(first, count, 0, elements);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs;
  for (const auto& [position, value] : elements) pairs.emplace_back(position, value);
  return pairs;
}

TEST_CASE("stored spike trains: any block of any source") {
  Random random(1);
  for (const std::size_t most_spikes : {0, 20, 30'000}) {
    const auto recording = make_recording(5, most_spikes, random);
    const auto expected = sources_of(recording->trains, *recording);
    for (const SharedTrains& trains : {SharedTrains(std::make_shared<StoredSpikeTrains>(*recording->trains)),
                                       SharedTrains(std::make_shared<PartlyInMemory>(recording->trains))}) {
      const auto sources = sources_of(trains, *recording);
      for (std::size_t i = 0; i < sources.size(); i++) {
        INFO("source " << i << " of at most " << most_spikes << " spikes a unit");
        const std::uint64_t size = expected[i]->size();
        REQUIRE(sources[i]->size() == size);
        CHECK(filled(*sources[i], 0, size) == filled(*expected[i], 0, size));
        for (int block = 0; block < 20; block++) {
          const std::uint64_t first = random.below(size + 1);
          const std::uint64_t count = random.below(size - first + 1);
          CHECK(filled(*sources[i], first, count) == filled(*expected[i], first, count));
          CHECK(sparse(*sources[i], first, count) == sparse(*expected[i], first, count));
          const std::uint64_t few = std::min<std::uint64_t>(count, 100);
          CHECK(gathered(*sources[i], first, few) == filled(*expected[i], first, few));
        }
      }
    }
  }
}

TEST_CASE("stored spike trains: in order of time, more of them at once than a block holds") {
  constexpr double fs_hz = 10;
  Random random(3);
  const auto recording = make_recording(8, 40'000, random);
  const auto spikes_of = [](const SharedTrains& trains) {
    TimeOrder order(trains, fs_hz, 0);
    TimeOrder::Memory memory;
    std::vector<std::pair<std::int64_t, std::int32_t>> spikes;
    for (auto block = order.next_block(memory); !block.samples.empty(); block = order.next_block(memory)) {
      CHECK(block.first == spikes.size());
      for (std::size_t i = 0; i < block.samples.size(); i++) spikes.emplace_back(block.samples[i], block.units[i]);
    }
    return spikes;
  };
  const auto expected = spikes_of(recording->trains);
  CHECK(expected.size() > 100'000);
  CHECK(spikes_of(std::make_shared<StoredSpikeTrains>(*recording->trains)) == expected);
  CHECK(spikes_of(std::make_shared<PartlyInMemory>(recording->trains)) == expected);
}

TEST_CASE("stored spike trains: a file that has become shorter ends the export, and nothing is left of it") {
  const TemporaryFolder folder;
  Random random(2);
  auto recording = *make_recording(6, 20'000, random);
  std::size_t failed = 0;
  for (const Kind& kind : kinds()) {
    const auto trains = std::make_shared<StoredSpikeTrains>(*make_recording(6, 20'000, random)->trains);
    trains->shrink(trains->spike_count() / 2);
    recording.trains = trains;
    const auto failure = run(kind.job(recording, folder.at("file"), {.threads = 4}).job);
    INFO(kind.name);
    CHECK(message_of(failure) == (trains->was_read() ? "read the spikes" : ""));
    CHECK(folder.names().empty() == trains->was_read());
    failed += trains->was_read() ? 1 : 0;
    remove(folder.at("file"));
  }
  CHECK(failed >= kinds().size() - 2);
}

}  // namespace
}  // namespace spikeport::test
