// What is made of spike trains: their order in time, and rasters, against plain code.
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "input.h"
#include "sources/raster.h"
#include "spikes/memory_spike_trains.h"
#include "spikes/time_order.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

/** Trains, of which times close together, the same and far apart are as likely. */
struct Spikes {
  std::vector<std::vector<double>> times;
  std::shared_ptr<MemorySpikeTrains> trains = std::make_shared<MemorySpikeTrains>();

  explicit Spikes(Input& input) {
    times.resize(input.below(9));
    for (auto& train : times) {
      auto time = static_cast<double>(input.below(64));
      for (std::size_t left = input.below(256); left > 0 && !input.is_empty(); left--) {
        const bool is_far = input.below(8) == 0;
        const auto step = static_cast<double>(input.below(is_far ? 65536 : 256));
        train.push_back(time += is_far ? 1e3 * step : step / 64);
      }
      trains->append(train);
    }
    trains->append_empty(input.below(3));
  }
};

void check_order(const Spikes& spikes) {
  constexpr double fs_hz = 1000;
  std::vector<std::pair<std::int64_t, std::int32_t>> expected;
  for (std::size_t unit = 0; unit < spikes.times.size(); unit++) {
    for (const double time : spikes.times[unit]) expected.emplace_back(std::llrint(time), unit);
  }
  std::ranges::stable_sort(expected, {}, [](const auto& spike) { return spike.first; });
  TimeOrder order(spikes.trains, fs_hz, 0);
  TimeOrder::Memory memory;
  std::uint64_t next = 0;
  for (auto block = order.next_block(memory); !block.samples.empty(); block = order.next_block(memory)) {
    require(block.first == next && block.samples.size() == block.units.size(), "blocks that do not meet");
    for (std::size_t i = 0; i < block.samples.size(); i++, next++) {
      require(next < expected.size() && expected[next] == std::pair(block.samples[i], block.units[i]), "order");
    }
  }
  require(next == expected.size(), "spikes are missing");
}

void check_raster(const Spikes& spikes, Input& input) {
  const kernels::Bins bins{.start = static_cast<double>(input.below(70)) - 5,
                           .width = (1.0 + static_cast<double>(input.below(1000))) / 7,
                           .count = 1 + input.below(2000)};
  const Raster raster(spikes.trains, bins);
  std::vector<std::int64_t> expected(raster.size());
  for (std::size_t unit = 0; unit < spikes.times.size(); unit++) {
    for (const double time : spikes.times[unit]) expected[unit * bins.count + bins.of(time)]++;
  }
  if (expected.empty()) return;
  const std::uint64_t first = input.any<std::uint32_t>() % expected.size();
  const std::uint64_t count = 1 + input.any<std::uint32_t>() % (expected.size() - first);
  std::vector<std::int64_t> dense(count);
  raster.fill(first, std::as_writable_bytes(std::span(dense)));
  require(std::ranges::equal(dense, std::span(expected).subspan(first, count)), "raster");
  std::vector<SparseElement> elements;
  raster.fill_sparse(first, count, 7, elements);
  std::ranges::fill(dense, 0);
  for (const auto& [position, value] : elements) {
    require(position >= 7 && position - 7 < count && dense[position - 7] == 0 && value > 0, "an element elsewhere");
    dense[position - 7] = static_cast<std::int64_t>(value);
  }
  require(std::ranges::equal(dense, std::span(expected).subspan(first, count)), "sparse raster");
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport::fuzz;
  Input input(data, size);
  const Spikes spikes(input);
  check_order(spikes);
  check_raster(spikes, input);
  return 0;
}
