#include "sealing.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "kernels/order.h"
#include "kernels/sort.h"

namespace spikeport {
namespace {

/** Units of one step, and times after which a step ends early. */
constexpr std::size_t most_units = 1024;
constexpr std::size_t many_times = std::size_t{1} << 20U;

/** Times in order have no NaN, and their infinities at the ends. */
bool is_ordered(Train train) {
  return kernels::in_order(train) && (train.empty() || (std::isfinite(train.front()) && std::isfinite(train.back())));
}

SealReport with_problem(SealReport report, SealReport::Kind problem, std::size_t unit, double value) {
  report.problem = problem;
  report.unit = unit;
  report.value = value;
  return report;
}

}  // namespace

bool Sealing::inspect() {
  const std::size_t first = next_inspected_.fetch_add(most_units);
  const std::size_t end = std::min(first + most_units, ordered_.size());
  for (std::size_t unit = first; unit < end; unit++) ordered_[unit] = is_ordered(trains_[unit]) ? 1 : 0;
  return end < ordered_.size() && first < end;
}

void Sealing::lay_out() {
  for (std::size_t unit = 0; unit < ordered_.size(); unit++) {
    if (ordered_[unit] != 0) continue;
    report_.sorted_units.push_back(unit);
    offsets_.push_back(report_.sorted_count);
    report_.sorted_count += trains_[unit].size();
  }
  report_.sorted_times = std::shared_ptr<double[]>(new double[report_.sorted_count]);
  trains_.keep(report_.sorted_times);
}

bool Sealing::sort() {
  std::call_once(laid_out_, [this] { lay_out(); });
  std::vector<double> scratch;
  for (std::size_t sorted = 0; sorted < many_times;) {
    const std::size_t index = next_sorted_++;
    if (index >= report_.sorted_units.size()) return false;
    const std::size_t unit = report_.sorted_units[index];
    // Memory of our own, which nobody changes under the sort.
    const std::span<double> copy(report_.sorted_times.get() + offsets_[index], trains_[unit].size());
    std::ranges::copy(trains_[unit], copy.begin());
    sorted += copy.size();
    if (const auto value = kernels::first_not_finite(copy)) {
      const std::lock_guard lock(problem_mutex_);
      if (!problem_unit_ || unit < *problem_unit_) {
        problem_unit_ = unit;
        problem_value_ = *value;
      }
      continue;
    }
    kernels::sort_times(copy, scratch);
  }
  return true;
}

SealReport Sealing::finish() {
  if (problem_unit_) {
    return with_problem(std::move(report_), SealReport::Kind::not_finite, *problem_unit_, problem_value_);
  }
  for (std::size_t i = 0; i < report_.sorted_units.size(); i++) {
    const std::size_t unit = report_.sorted_units[i];
    trains_.replace(unit, Train(report_.sorted_times.get() + offsets_[i], trains_[unit].size()));
  }
  double last = window_.start;
  for (std::size_t unit = 0; unit < trains_.unit_count(); unit++) {
    const Train train = trains_[unit];
    if (train.empty()) continue;
    if (train.front() < window_.start) {
      return with_problem(std::move(report_), SealReport::Kind::before_start, unit, train.front());
    }
    if (window_.length && train.back() > window_.start + *window_.length) {
      return with_problem(std::move(report_), SealReport::Kind::after_end, unit, train.back());
    }
    last = std::max(last, train.back());
  }
  report_.length = window_.length.value_or(last - window_.start);
  return std::move(report_);
}

SealReport seal(Trains& trains, const Window& window) {
  Sealing sealing(trains, window);
  while (sealing.inspect()) continue;
  while (sealing.sort()) continue;
  return sealing.finish();
}

}  // namespace spikeport
