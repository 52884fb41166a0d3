#include "trains.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/order.h"

namespace spikeport {
namespace {

/** The trains of some units, copied behind each other: memory of our own, which nobody changes under the sort. */
std::shared_ptr<double[]> copies(const std::vector<Train>& trains, const std::vector<std::size_t>& units,
                                 std::size_t count) {
  std::shared_ptr<double[]> times(new double[count]);
  double* out = times.get();
  for (const std::size_t unit : units) out = std::ranges::copy(trains[unit], out).out;
  return times;
}

SealReport with_problem(SealReport report, SealReport::Kind problem, std::size_t unit, double value) {
  report.problem = problem;
  report.unit = unit;
  report.value = value;
  return report;
}

}  // namespace

void Trains::append(Train train) {
  trains_.push_back(train);
  ends_.push_back(spike_count() + train.size());
}

SealReport Trains::seal(const Window& window) {
  SealReport report;
  for (std::size_t unit = 0; unit < trains_.size(); unit++) {
    const Train train = trains_[unit];
    // Times in order have no NaN, and their infinities at the ends.
    const bool ordered = kernels::in_order(train);
    if (ordered && (train.empty() || (std::isfinite(train.front()) && std::isfinite(train.back())))) continue;
    report.sorted_units.push_back(unit);
    report.sorted_count += train.size();
  }
  report.sorted_times = copies(trains_, report.sorted_units, report.sorted_count);
  sorted_times_ = report.sorted_times;

  double* copy = sorted_times_.get();
  for (const std::size_t unit : report.sorted_units) {
    const std::span<double> times(copy, trains_[unit].size());
    if (const auto value = kernels::first_not_finite(times)) {
      return with_problem(std::move(report), SealReport::Kind::not_finite, unit, *value);
    }
    std::ranges::sort(times);
    trains_[unit] = times;
    copy += times.size();
  }

  double last = window.start;
  for (std::size_t unit = 0; unit < trains_.size(); unit++) {
    const Train train = trains_[unit];
    if (train.empty()) continue;
    if (train.front() < window.start) {
      return with_problem(std::move(report), SealReport::Kind::before_start, unit, train.front());
    }
    if (window.length && train.back() > window.start + *window.length) {
      return with_problem(std::move(report), SealReport::Kind::after_end, unit, train.back());
    }
    last = std::max(last, train.back());
  }
  report.length = window.length.value_or(last - window.start);
  return report;
}

std::size_t Trains::unit_of(std::uint64_t spike) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends_, spike) - ends_.begin());
}

}  // namespace spikeport
