#include "sources/spike_sources.h"

#include <algorithm>

namespace spikeport {
namespace {

/** Calls `visit(unit, offset in its train, count)` for the part that each unit has in spikes `first` to `first +
 * count`. */
template <typename Visit>
void for_each_unit(const Trains& trains, std::uint64_t first, std::uint64_t count, Visit visit) {
  for (std::size_t unit = trains.unit_of(first); count > 0; unit++) {
    const std::uint64_t offset = first - trains.first_spike(unit);
    const std::uint64_t part = std::min<std::uint64_t>(count, trains[unit].size() - offset);
    if (part == 0) continue;
    visit(unit, static_cast<std::size_t>(offset), static_cast<std::size_t>(part));
    first += part;
    count -= part;
  }
}

}  // namespace

SpikeTimes::SpikeTimes(std::shared_ptr<const Trains> trains, TimeConversion conversion)
    : Source(conversion.type(), {trains->spike_count()}), trains_(std::move(trains)), conversion_(conversion) {}

void SpikeTimes::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::byte* out = block.data();
  const auto convert = [&](std::size_t unit, std::size_t offset, std::size_t count) {
    conversion_.convert((*trains_)[unit].subspan(offset, count), out);
    out += count * sizeof(double);
  };
  for_each_unit(*trains_, first, block.size() / sizeof(double), convert);
}

std::span<const std::byte> SpikeTimes::in_place(std::uint64_t first) const {
  if (conversion_.unit != TimeConversion::Unit::ms || first >= size()) return {};
  const std::size_t unit = trains_->unit_of(first);
  return std::as_bytes((*trains_)[unit].subspan(static_cast<std::size_t>(first - trains_->first_spike(unit))));
}

SpikeTimesIndex::SpikeTimesIndex(std::shared_ptr<const Trains> trains, ElementType type)
    : Source(type, {trains->unit_count()}), trains_(std::move(trains)) {}

void SpikeTimesIndex::fill(std::uint64_t first, std::span<std::byte> block) const {
  auto unit = static_cast<std::size_t>(first);
  fill_whole(type(), block, [this, &unit] { return trains_->first_spike(++unit); });
}

SpikeUnits::SpikeUnits(std::shared_ptr<const Trains> trains, std::optional<std::span<const std::int64_t>> ids)
    : Source(ElementType::i64, {trains->spike_count()}), trains_(std::move(trains)), ids_(ids) {}

void SpikeUnits::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::int64_t* out = as_numbers<std::int64_t>(block).data();
  const auto repeat = [&](std::size_t unit, std::size_t /*offset*/, std::size_t count) {
    out = std::fill_n(out, count, ids_ ? (*ids_)[unit] : static_cast<std::int64_t>(unit));
  };
  for_each_unit(*trains_, first, block.size() / sizeof(std::int64_t), repeat);
}

}  // namespace spikeport
