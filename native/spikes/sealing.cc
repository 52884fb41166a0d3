#include "spikes/sealing.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "kernels/order.h"
#include "kernels/sort.h"

namespace spikeport {
namespace {

/** The units of one call of `inspect`, and the times after which a call of `sort` ends. */
constexpr std::size_t most_units = 1024;
constexpr std::size_t many_times = std::size_t{1} << 20U;

/** Times in order contain no NaN, and infinities only at the ends. */
bool has_finite_ends(std::span<const double> times) {
  return times.empty() || (std::isfinite(times.front()) && std::isfinite(times.back()));
}

SealReport with_problem(SealReport report, SealReport::Problem problem, std::size_t unit, double value) {
  report.problem = problem;
  report.unit = unit;
  report.value = value;
  return report;
}

}  // namespace

Sealing::Sealing(MemorySpikeTrains& trains, const RecordingWindow& window, std::optional<std::vector<double>> falls)
    : trains_(trains),
      window_(window),
      falls_(std::move(falls)),
      ordered_(trains.added_unit_count()),
      step_(std::clamp<std::size_t>(many_times * ordered_.size() / (trains.spike_count() + 1), 1, most_units)) {}

bool Sealing::inspect() {
  if (falls_) {
    if (next_inspected_.exchange(1) == 0) inspect_falls();
    return false;
  }
  const std::size_t first = next_inspected_.fetch_add(step_);
  const std::size_t end = std::min(first + step_, ordered_.size());
  std::uint64_t settled = 0;
  for (std::size_t unit = first; unit < end; unit++) {
    const std::span<const double> train = trains_[unit];
    ordered_[unit] = kernels::in_order(train) && has_finite_ends(train) ? 1 : 0;
    if (ordered_[unit] != 0) settled += train.size();
  }
  settled_ += settled;
  return end < ordered_.size() && first < end;
}

void Sealing::inspect_falls() {
  std::uint64_t settled = 0;
  std::uint64_t end = 0;
  auto fall = falls_->begin();
  for (std::size_t unit = 0; unit < ordered_.size(); unit++) {
    const std::span<const double> train = trains_[unit];
    const std::uint64_t start = end;
    end += train.size();
    // The first time of a unit may be below the last one of the unit before it.
    while (fall != falls_->end() && *fall <= static_cast<double>(start)) ++fall;
    const bool falls = fall != falls_->end() && *fall < static_cast<double>(end);
    ordered_[unit] = !falls && has_finite_ends(train) ? 1 : 0;
    if (ordered_[unit] != 0) settled += train.size();
  }
  settled_ += settled;
}

void Sealing::lay_out() {
  std::size_t copied = 0;
  for (std::size_t unit = 0; unit < ordered_.size(); unit++) {
    if (ordered_[unit] != 0) continue;
    const auto own = trains_.own(unit);
    unsorted_.push_back({unit, own.value_or(std::span<double>())});
    if (own) continue;
    copied += trains_[unit].size();
    report_.sorted_units.push_back(unit);
    report_.sorted_ends.push_back(copied);
  }
  report_.sorted_times = allocate_times(copied);
  trains_.keep(report_.sorted_times);
  double* next = report_.sorted_times.get();
  for (auto& [unit, place] : unsorted_) {
    if (place.empty()) place = {std::exchange(next, next + trains_[unit].size()), trains_[unit].size()};
  }
}

bool Sealing::sort() {
  std::call_once(laid_out_, [this] { lay_out(); });
  std::vector<double> scratch;
  for (std::size_t sorted = 0; sorted < many_times;) {
    const std::size_t index = next_sorted_++;
    if (index >= unsorted_.size()) return false;
    // Our own memory, which the caller cannot change during the sort.
    const auto [unit, place] = unsorted_[index];
    if (place.data() != trains_[unit].data()) std::ranges::copy(trains_[unit], place.begin());
    sorted += place.size();
    if (const auto value = kernels::first_not_finite(place)) {
      const std::lock_guard lock(problem_mutex_);
      if (!problem_unit_ || unit < *problem_unit_) {
        problem_unit_ = unit;
        problem_value_ = *value;
      }
      continue;
    }
    kernels::sort_times(place, scratch);
    settled_ += place.size();
  }
  return true;
}

SealReport Sealing::finish() {
  if (problem_unit_) {
    return with_problem(std::move(report_), SealReport::Problem::not_finite, *problem_unit_, problem_value_);
  }
  if (!unsorted_.empty()) report_.first_reordered = unsorted_.front().unit;
  for (const auto& [unit, place] : unsorted_) trains_.replace(unit, place);
  double last = window_.start;
  for (std::size_t unit = 0; unit < trains_.added_unit_count(); unit++) {
    const auto times = trains_[unit];
    if (times.empty()) continue;
    if (times.front() < window_.start) {
      return with_problem(std::move(report_), SealReport::Problem::before_start, unit, times.front());
    }
    if (window_.length && times.back() > window_.start + *window_.length) {
      return with_problem(std::move(report_), SealReport::Problem::after_end, unit, times.back());
    }
    last = std::max(last, times.back());
  }
  report_.length = window_.length.value_or(last - window_.start);
  return std::move(report_);
}

SealReport seal(MemorySpikeTrains& trains, const RecordingWindow& window) {
  Sealing sealing(trains, window);
  while (sealing.inspect()) continue;
  while (sealing.sort()) continue;
  return sealing.finish();
}

}  // namespace spikeport
