#include "spikes/train_inspection.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "engine/block.h"
#include "kernels/order.h"

namespace spikeport {
namespace {

constexpr std::size_t inspected_times = block_size / sizeof(double);

}  // namespace

TrainInspection::TrainInspection(std::shared_ptr<FileSpikeTrains> trains)
    : trains_(std::move(trains)), blocks_((trains_->spike_count() + inspected_times - 1) / inspected_times) {}

bool TrainInspection::inspect_some() {
  if (!is_in_order_) return false;
  const std::size_t number = next_++;
  if (number >= blocks_.size()) return false;
  const std::uint64_t first = std::uint64_t{number} * inspected_times;
  const std::uint64_t count = std::min<std::uint64_t>(inspected_times, trains_->spike_count() - first);
  const auto times = std::span(reinterpret_cast<double*>(thread_block().data()), static_cast<std::size_t>(count));
  trains_->read_spikes(first, times);
  blocks_[number] = {.first = times.front(), .last = times.back()};
  if (!inspect(first, times)) is_in_order_ = false;
  inspected_ += count;
  return number + 1 < blocks_.size();
}

bool TrainInspection::inspect(std::uint64_t first, std::span<const double> times) {
  bool is_in_order = true;
  trains_->for_each_unit(first, times.size(), [&](std::size_t unit, std::uint64_t offset, std::uint64_t count) {
    const auto train = times.first(static_cast<std::size_t>(count));
    times = times.subspan(train.size());
    is_in_order = is_in_order && kernels::in_order(train);
    // Only the thread that has a train's first time, or its last one, writes it down.
    TrainFacts& facts = trains_->facts()[unit];
    if (offset == 0) facts.first = train.front();
    if (offset + count == trains_->spike_count(unit)) facts.last = train.back();
  });
  return is_in_order;
}

bool TrainInspection::finish() const {
  if (!is_in_order_ || !meet_in_order()) return false;
  // Times in order contain no NaN, and infinities only at the ends.
  const auto facts = trains_->facts();
  for (std::size_t unit = 0; unit < facts.size(); unit++) {
    if (trains_->spike_count(unit) > 0 && !(std::isfinite(facts[unit].first) && std::isfinite(facts[unit].last))) {
      return false;
    }
  }
  return true;
}

bool TrainInspection::meet_in_order() const {
  for (std::size_t number = 1; number < blocks_.size(); number++) {
    const std::uint64_t first = std::uint64_t{number} * inspected_times;
    const bool begins_train = trains_->first_spike(trains_->unit_of(first)) == first;
    if (!begins_train && !(blocks_[number - 1].last <= blocks_[number].first)) return false;
  }
  return true;
}

}  // namespace spikeport
