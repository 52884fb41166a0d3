#include "spikes/spike_trains.h"

namespace spikeport {
namespace {

/** Times read at once: enough for a read to be worth its call, few enough for the processor's cache. */
constexpr std::size_t buffered_times = 8192;

}  // namespace

std::size_t SpikeTrains::unit_of(std::uint64_t spike) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends_, spike) - ends_.begin());
}

std::span<const double> SpikeTrains::times(std::size_t unit, std::uint64_t offset, std::uint64_t count) const {
  if (const auto ready = in_place(unit, offset); !ready.empty()) {
    return ready.first(static_cast<std::size_t>(std::min<std::uint64_t>(count, ready.size())));
  }
  if (count == 0) return {};
  thread_local std::vector<double> buffer(buffered_times);
  const auto block = std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer.size())));
  read(unit, offset, block);
  return block;
}

}  // namespace spikeport
