#include "spikes/trains.h"

#include <algorithm>

namespace spikeport {

void Trains::reserve(std::size_t units) {
  trains_.reserve(units);
  ends_.reserve(units);
  is_own_.reserve(units);
}

void Trains::append(Train train) {
  trains_.push_back(train);
  ends_.push_back(spike_count() + train.size());
  is_own_.push_back(false);
}

void Trains::append_own(std::span<double> train) {
  append(train);
  is_own_.back() = true;
}

std::optional<std::span<double>> Trains::own(std::size_t unit) const {
  if (!is_own_[unit]) return std::nullopt;
  // What append_own was given.
  return std::span(const_cast<double*>(trains_[unit].data()), trains_[unit].size());
}

std::size_t Trains::unit_of(std::uint64_t spike) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends_, spike) - ends_.begin());
}

}  // namespace spikeport
