#include "sources/spike_sources.h"

#include <algorithm>

namespace spikeport {

SpikeTimes::SpikeTimes(std::shared_ptr<const SpikeTrains> trains, TimeConversion conversion)
    : Source(conversion.type(), {trains->spike_count()}), trains_(std::move(trains)), conversion_(conversion) {}

void SpikeTimes::fill(std::uint64_t first, std::span<std::byte> block) const {
  if (conversion_.to == TimeConversion::Unit::ms) return trains_->read_spikes(first, as_numbers<double>(block));
  const std::uint64_t spikes = block.size() / sizeof(double);
  if (spikes == 0) return;
  const std::size_t unit = trains_->unit_of(first);
  if (trains_->in_place(unit, first - trains_->first_spike(unit)).empty()) return fill_by_reading(first, block);
  trains_->for_each_unit(first, spikes, [&](std::size_t of, std::uint64_t offset, std::uint64_t count) {
    const auto bytes = block.first(static_cast<std::size_t>(count) * sizeof(double));
    block = block.subspan(bytes.size());
    fill(of, offset, bytes);
  });
}

void SpikeTimes::fill_by_reading(std::uint64_t first, std::span<std::byte> block) const {
  while (!block.empty()) {
    const auto times = trains_->read_some(first, block.size() / sizeof(double));
    conversion_.convert(times, block.data());
    first += times.size();
    block = block.subspan(times.size_bytes());
  }
}

void SpikeTimes::fill(std::size_t unit, std::uint64_t offset, std::span<std::byte> block) const {
  while (!block.empty()) {
    const auto times = trains_->times(unit, offset, block.size() / sizeof(double));
    conversion_.convert(times, block.data());
    offset += times.size();
    block = block.subspan(times.size_bytes());
  }
}

std::span<const std::byte> SpikeTimes::in_place(std::uint64_t first) const {
  if (conversion_.to != TimeConversion::Unit::ms || first >= size()) return {};
  const std::size_t unit = trains_->unit_of(first);
  return std::as_bytes(trains_->in_place(unit, first - trains_->first_spike(unit)));
}

SpikeTimesIndex::SpikeTimesIndex(std::shared_ptr<const SpikeTrains> trains, ElementType type)
    : Source(type, {trains->unit_count()}), trains_(std::move(trains)) {}

void SpikeTimesIndex::fill(std::uint64_t first, std::span<std::byte> block) const {
  auto unit = static_cast<std::size_t>(first);
  fill_whole(type(), block, [this, &unit] { return trains_->first_spike(++unit); });
}

SpikeUnits::SpikeUnits(std::shared_ptr<const SpikeTrains> trains, std::optional<std::span<const std::int64_t>> ids)
    : Source(ElementType::i64, {trains->spike_count()}), trains_(std::move(trains)), ids_(ids) {}

void SpikeUnits::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::int64_t* out = as_numbers<std::int64_t>(block).data();
  const auto repeat = [&](std::size_t unit, std::uint64_t /*offset*/, std::uint64_t count) {
    out = std::fill_n(out, count, ids_ ? (*ids_)[unit] : static_cast<std::int64_t>(unit));
  };
  trains_->for_each_unit(first, block.size() / sizeof(std::int64_t), repeat);
}

SpikeValues::SpikeValues(std::shared_ptr<const SpikeTrains> trains, std::size_t column)
    : Source(trains->value_types()[column], {trains->spike_count()}), trains_(std::move(trains)), column_(column) {}

void SpikeValues::fill(std::uint64_t first, std::span<std::byte> block) const {
  trains_->read_values(column_, first, block);
}

SpikeValuesIndex::SpikeValuesIndex(std::shared_ptr<const SpikeTrains> trains, std::span<const std::int32_t> each,
                                   ElementType type)
    : Source(type, {trains->spike_count()}), trains_(std::move(trains)), each_(each.begin(), each.end()) {
  before_.reserve(each_.size());
  std::uint64_t count = 0;
  for (std::size_t unit = 0; unit < each_.size(); unit++) {
    before_.push_back(count);
    count += trains_->spike_count(unit) * each_[unit];
  }
}

void SpikeValuesIndex::fill(std::uint64_t first, std::span<std::byte> block) const {
  const auto count_on = [&](std::size_t unit, std::uint64_t offset, std::uint64_t count) {
    const auto part = block.first(static_cast<std::size_t>(count) * size_of(type()));
    std::uint64_t end = before_[unit] + offset * each_[unit];
    fill_whole(type(), part, [&] { return end += each_[unit]; });
    block = block.subspan(part.size());
  };
  trains_->for_each_unit(first, block.size() / size_of(type()), count_on);
}

}  // namespace spikeport
