#include "spikes/file_spike_trains.h"

#include <algorithm>
#include <utility>

namespace spikeport {

SealReport seal_report(std::span<const TrainFacts> trains, const RecordingWindow& window) {
  SealReport report;
  double last = window.start;
  for (std::size_t unit = 0; unit < trains.size(); unit++) {
    const TrainFacts& facts = trains[unit];
    // Without spikes.
    if (facts.first > facts.last) continue;
    last = std::max(last, facts.last);
    if (facts.is_reordered && !report.first_reordered) report.first_reordered = unit;
    if (report.problem != SealReport::Problem::none) continue;
    const bool is_before = facts.first < window.start;
    if (!is_before && !(window.length && facts.last > window.start + *window.length)) continue;
    report.problem = is_before ? SealReport::Problem::before_start : SealReport::Problem::after_end;
    report.unit = unit;
    report.value = is_before ? facts.first : facts.last;
  }
  report.length = window.length.value_or(last - window.start);
  return report;
}

FileSpikeTrains::FileSpikeTrains(std::shared_ptr<StoredTimes> times, std::span<const std::uint64_t> counts,
                                 std::size_t empty_units)
    : times_(std::move(times)), facts_(counts.size()) {
  reserve_units(counts.size());
  for (const std::uint64_t count : counts) add_unit(count);
  add_empty_units(empty_units);
}

FileSpikeTrains::FileSpikeTrains(const FileSpikeTrains& all, std::span<const double> units)
    : times_(all.times_),
      values_(all.values_),
      value_types_(all.value_types_),
      facts_(units.size()),
      places_(units.size()),
      limits_(all.limits_) {
  reserve_units(units.size());
  bool is_contiguous = all.places_.empty();
  for (std::size_t i = 0; i < units.size(); i++) {
    const bool is_known = units[i] >= 0 && units[i] < static_cast<double>(all.added_unit_count());
    const auto unit = is_known ? static_cast<std::size_t>(units[i]) : 0;
    const std::uint64_t count = is_known ? all.spike_count(unit) : 0;
    if (count > 0) {
      facts_[i] = all.facts_[unit];
      places_[i] = all.places_.empty() ? all.first_spike(unit) : all.places_[unit];
      is_contiguous = is_contiguous && places_[i] == spike_count();
    }
    add_unit(count);
  }
  if (is_contiguous) places_ = {};
}

void FileSpikeTrains::read(std::size_t unit, std::uint64_t offset, std::span<double> block) const {
  read_at((places_.empty() ? first_spike(unit) : places_[unit]) + offset, block);
}

void FileSpikeTrains::read_spikes(std::uint64_t first, std::span<double> block) const {
  if (!places_.empty()) return SpikeTrains::read_spikes(first, block);
  read_at(first, block);
}

void FileSpikeTrains::read_values(std::size_t column, std::uint64_t first, std::span<std::byte> block) const {
  const StoredValues& values = *values_[column];
  if (places_.empty()) return values.read(first, block);
  const std::size_t size = size_of(values.type());
  for_each_unit(first, block.size() / size, [&](std::size_t unit, std::uint64_t offset, std::uint64_t count) {
    const auto part = block.first(static_cast<std::size_t>(count) * size);
    values.read(places_[unit] + offset, part);
    block = block.subspan(part.size());
  });
}

void FileSpikeTrains::add_values(std::shared_ptr<StoredValues> values) {
  value_types_.push_back(values->type());
  values_.push_back(std::move(values));
}

void FileSpikeTrains::close() {
  times_->close();
  for (const auto& values : values_) values->close();
}

void FileSpikeTrains::read_at(std::uint64_t place, std::span<double> block) const {
  times_->read(place, block);
  if (!limits_) return;
  for (double& time : block) {
    // As they were: a time that is equal to a limit stays, as -0 does.
    if (time < limits_->first) time = limits_->first;
    if (time > limits_->last) time = limits_->last;
  }
}

std::uint64_t FileSpikeTrains::count_below(std::size_t unit, double time, bool or_equal) const {
  std::uint64_t low = 0;
  std::uint64_t high = spike_count(unit);
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    double found = 0;
    read(unit, middle, {&found, 1});
    if (found < time || (or_equal && found == time)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::uint64_t FileSpikeTrains::limit(TimeLimits limits) {
  std::uint64_t moved = 0;
  for (std::size_t unit = 0; unit < facts_.size(); unit++) {
    TrainFacts& facts = facts_[unit];
    if (spike_count(unit) == 0 || (facts.first >= limits.first && facts.last <= limits.last)) continue;
    moved += count_below(unit, limits.first, false) + spike_count(unit) - count_below(unit, limits.last, true);
    facts.first = std::clamp(facts.first, limits.first, limits.last);
    facts.last = std::clamp(facts.last, limits.first, limits.last);
  }
  limits_ = limits;
  return moved;
}

}  // namespace spikeport
