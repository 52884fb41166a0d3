#include "spikes/spike_trains.h"

namespace spikeport {
namespace {

/** Times read at once: enough for a read to be worth its call, few enough for the processor's cache. */
constexpr std::size_t buffered_times = 8192;

/** As many times of this thread's buffer, or all. */
std::span<double> buffer_for(std::uint64_t count) {
  thread_local std::vector<double> buffer(buffered_times);
  return std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer.size())));
}

}  // namespace

std::size_t SpikeTrains::unit_of(std::uint64_t spike) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends_, spike) - ends_.begin());
}

void SpikeTrains::read_spikes(std::uint64_t first, std::span<double> block) const {
  for_each_unit(first, block.size(), [&](std::size_t unit, std::uint64_t offset, std::uint64_t count) {
    read(unit, offset, block.first(static_cast<std::size_t>(count)));
    block = block.subspan(static_cast<std::size_t>(count));
  });
}

std::span<const double> SpikeTrains::times(std::size_t unit, std::uint64_t offset, std::uint64_t count) const {
  if (const auto ready = in_place(unit, offset); !ready.empty()) {
    return ready.first(static_cast<std::size_t>(std::min<std::uint64_t>(count, ready.size())));
  }
  if (count == 0) return {};
  const auto block = buffer_for(count);
  read(unit, offset, block);
  return block;
}

std::span<const double> SpikeTrains::read_some(std::uint64_t first, std::uint64_t count) const {
  const auto block = buffer_for(count);
  read_spikes(first, block);
  return block;
}

}  // namespace spikeport
