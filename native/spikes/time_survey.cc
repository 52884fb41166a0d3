#include "spikes/time_survey.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/block.h"

namespace spikeport {

TimeSurvey::TimeSurvey(std::shared_ptr<const SpikeTrains> trains, double end) : trains_(std::move(trains)), end_(end) {}

bool TimeSurvey::look_at_some() {
  const std::uint64_t left = trains_->spike_count() - next_;
  if (left == 0) return false;
  const auto times = trains_->read_some(next_, std::min<std::uint64_t>(left, block_size / sizeof(double)));
  auto rest = times;
  trains_->for_each_unit(next_, times.size(), [&](std::size_t unit, std::uint64_t /*offset*/, std::uint64_t count) {
    const auto own = rest.first(static_cast<std::size_t>(count));
    rest = rest.subspan(own.size());
    std::uint64_t repeated = unit_ == unit && own.front() == before_ ? 1 : 0;
    for (std::size_t i = 1; i < own.size(); i++) repeated += own[i] == own[i - 1] ? 1 : 0;
    at_end_ += static_cast<std::uint64_t>(std::ranges::count(own, end_));
    unit_ = unit;
    before_ = own.back();
    if (repeated == 0) return;
    repeated_ += repeated;
    if (last_repeating_ != unit) repeating_units_++;
    if (!first_repeating_) first_repeating_ = unit;
    last_repeating_ = unit;
  });
  next_ += times.size();
  return next_ < trains_->spike_count();
}

std::size_t TimeSurvey::empty_units() const {
  std::size_t empty = trains_->unit_count() - trains_->added_unit_count();
  for (std::size_t unit = 0; unit < trains_->added_unit_count(); unit++)
    empty += trains_->spike_count(unit) == 0 ? 1 : 0;
  return empty;
}

}  // namespace spikeport
