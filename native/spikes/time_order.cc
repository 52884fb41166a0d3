#include "spikes/time_order.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/errors.h"
#include "kernels/convert.h"
#include "spikes/time_conversion.h"

namespace spikeport {
namespace {

using kernels::SpikeKey;

/** With this many spikes, a block and all that is needed to sort it stay in the processor's cache. */
constexpr std::size_t cached_spikes = std::size_t{1} << 16U;
/** How full to plan blocks: one can have more spikes than the one before. */
constexpr double fullness = 0.875;
constexpr double most_growth = 8;
constexpr std::uint32_t first_width = std::uint32_t{1} << 16U;
constexpr std::uint32_t most_width = std::uint32_t{1} << 31U;

/** The number of samples for the next block, when the previous one had `count` spikes in `width` samples. */
std::uint32_t next_width(std::uint32_t width, std::size_t count, std::size_t capacity) {
  const double wanted = fullness * static_cast<double>(capacity);
  const double growth = std::min(wanted / static_cast<double>(count), most_growth);
  return static_cast<std::uint32_t>(std::clamp(growth * width, 1.0, static_cast<double>(most_width)));
}

}  // namespace

void TimeOrder::Memory::reserve(std::size_t spikes) {
  keys.resize(spikes);
  scratch.resize(spikes);
  samples.resize(spikes);
  units.resize(spikes);
}

TimeOrder::TimeOrder(std::shared_ptr<const SpikeTrains> trains, double fs_hz, double start_ms)
    : trains_(std::move(trains)),
      fs_hz_(fs_hz),
      per_ms_(fs_hz / 1000.0),
      start_ms_(start_ms),
      // Visiting a unit costs as much as a few of its spikes: with many units, a block still has several of each.
      capacity_(std::min<std::uint64_t>(std::max(cached_spikes, 2 * trains_->unit_count()), trains_->spike_count())),
      width_(first_width),
      taken_(trains_->unit_count()),
      next_(trains_->unit_count(), no_sample) {
  for (std::size_t unit = 0; unit < next_.size(); unit++) {
    if (trains_->spike_count(unit) == 0) continue;
    const double time = trains_->times(unit, 0, 1).front();
    next_[unit] = sample_at(time);
    if (next_[unit] < 0) {
      throw ValueError("Expected times from " + readable(start_ms_) + " ms on for unit " + std::to_string(unit) +
                       " but received " + readable(time) + ".");
    }
  }
}

TimeOrder::Block TimeOrder::next_block(Memory& memory) {
  memory.reserve(capacity_);
  std::unique_lock lock(mutex_);
  if (is_numbering_) memory.next = taken_;
  const Cut block = cut(memory.keys);
  lock.unlock();
  const auto keys = std::span(memory.keys).first(block.count);
  const auto sorted = kernels::sort_by_sample(keys, std::span(memory.scratch).first(block.count), block.width);
  const auto samples = std::span(memory.samples).first(block.count);
  const auto units = std::span(memory.units).first(block.count);
  for (std::size_t i = 0; i < block.count; i++) {
    samples[i] = block.first_sample + kernels::sample_of(sorted[i]);
    units[i] = static_cast<std::int32_t>(kernels::unit_of(sorted[i]));
  }
  if (!is_numbering_) return {.first = block.first, .samples = samples, .units = units, .numbers = {}};
  memory.numbers.resize(capacity_);
  const auto numbers = std::span(memory.numbers).first(block.count);
  for (std::size_t i = 0; i < block.count; i++) numbers[i] = memory.next[static_cast<std::size_t>(units[i])]++;
  return {.first = block.first, .samples = samples, .units = units, .numbers = numbers};
}

TimeOrder::Cut TimeOrder::cut(std::span<SpikeKey> keys) {
  const auto soonest = std::ranges::min_element(next_);
  Cut cut{.first = first_, .first_sample = no_sample, .width = width_, .count = 0};
  if (soonest == next_.end() || *soonest == no_sample) return cut;
  cut.first_sample = *soonest;
  for (std::size_t unit = 0; unit < next_.size(); unit++) {
    while (true) {
      // Times can change meanwhile: samples below 0 must not overflow either.
      const std::int64_t end = cut.first_sample <= no_sample - cut.width ? cut.first_sample + cut.width : no_sample;
      if (next_[unit] >= end) break;
      cut.count = take(unit, cut, end, keys);
      if (cut.count < keys.size()) break;
      // Spikes of a single sample are in order already: those without room begin the next block.
      if (cut.width == 1) break;
      cut.width /= 2;
      cut.count = give_back(cut, keys);
    }
  }
  first_ += cut.count;
  width_ = next_width(cut.width, cut.count, keys.size());
  return cut;
}

std::size_t TimeOrder::take(std::size_t unit, const Cut& cut, std::int64_t end, std::span<SpikeKey> keys) {
  std::size_t count = cut.count;
  std::uint64_t spike = taken_[unit];
  std::int64_t next = next_[unit];
  // The times that follow `spike`.
  std::span<const double> times;
  for (; next < end && count < keys.size(); count++) {
    keys[count] =
        kernels::spike_key(static_cast<std::uint32_t>(next - cut.first_sample), static_cast<std::uint32_t>(unit));
    spike++;
    if (times.empty()) times = times_from(unit, spike);
    if (times.empty()) {
      next = no_sample;
    } else {
      next = sample_at(times.front());
      times = times.subspan(1);
    }
  }
  taken_[unit] = spike;
  next_[unit] = next;
  return count;
}

std::size_t TimeOrder::give_back(const Cut& cut, std::span<SpikeKey> keys) {
  const auto is_past = [&cut](SpikeKey key) { return kernels::sample_of(key) >= cut.width; };
  // Backwards: the first of a unit's spikes is the one to go on with.
  for (std::size_t i = keys.size(); i-- > 0;) {
    if (!is_past(keys[i])) continue;
    const std::size_t unit = kernels::unit_of(keys[i]);
    taken_[unit]--;
    next_[unit] = cut.first_sample + kernels::sample_of(keys[i]);
  }
  return static_cast<std::size_t>(std::remove_if(keys.begin(), keys.end(), is_past) - keys.begin());
}

std::span<const double> TimeOrder::times_from(std::size_t unit, std::uint64_t spike) const {
  const auto ready = trains_->in_place(unit, spike);
  if (!ready.empty()) return ready;
  // A unit's share of a block and a little more: times past the block would be read again for the next one.
  const std::uint64_t most = 16 + capacity_ / trains_->unit_count();
  return trains_->times(unit, spike, std::min(most, trains_->spike_count(unit) - spike));
}

std::int64_t TimeOrder::sample_at(double time) const {
  const auto sample = kernels::to_sample(time - start_ms_, per_ms_);
  if (!sample) throw_unfit(time, fs_hz_);
  return *sample;
}

}  // namespace spikeport
