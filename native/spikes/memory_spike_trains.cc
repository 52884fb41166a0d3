#include "spikes/memory_spike_trains.h"

#include <algorithm>

#include "engine/thread_pool.h"

namespace spikeport {

void MemorySpikeTrains::reserve(std::size_t units) {
  reserve_units(units);
  trains_.reserve(units);
  is_own_.reserve(units);
}

void MemorySpikeTrains::append(std::span<const double> times) {
  add_unit(times.size());
  trains_.push_back(times);
  is_own_.push_back(false);
}

void MemorySpikeTrains::append_own(std::span<double> times) {
  append(times);
  is_own_.back() = true;
}

void MemorySpikeTrains::read(std::size_t unit, std::uint64_t offset, std::span<double> block) const {
  std::ranges::copy(in_place(unit, offset).first(block.size()), block.begin());
}

std::span<const double> MemorySpikeTrains::in_place(std::size_t unit, std::uint64_t offset) const {
  return (*this)[unit].subspan(static_cast<std::size_t>(offset));
}

std::optional<std::span<double>> MemorySpikeTrains::own(std::size_t unit) const {
  if (!is_own_[unit]) return std::nullopt;
  // What append_own was given.
  return std::span(const_cast<double*>(trains_[unit].data()), trains_[unit].size());
}

std::shared_ptr<double[]> allocate_times(std::size_t count) {
  constexpr std::size_t many_times = std::size_t{1} << 20U;
  if (count < many_times) return std::shared_ptr<double[]>(new double[count]);
  return {new double[count], [](double* times) { workers().post([times] { delete[] times; }); }};
}

}  // namespace spikeport
