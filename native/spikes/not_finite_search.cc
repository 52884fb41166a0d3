#include "spikes/not_finite_search.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "engine/block.h"

namespace spikeport {

NotFiniteSearch::NotFiniteSearch(std::shared_ptr<const SpikeTrains> trains, std::size_t column)
    : trains_(std::move(trains)), column_(column), type_(trains_->value_types()[column]) {
  const bool is_float = type_ == ElementType::f32 || type_ == ElementType::f64;
  spikes_ = is_float ? trains_->spike_count() : 0;
}

bool NotFiniteSearch::look_at_some() {
  const std::uint64_t most = block_size / size_of(type_);
  const std::uint64_t first = next_.fetch_add(most);
  if (first >= spikes_) return false;
  const auto bytes = thread_block().first(static_cast<std::size_t>(std::min(most, spikes_ - first)) * size_of(type_));
  trains_->read_values(column_, first, bytes);
  if (type_ == ElementType::f32) {
    look<float>(first, {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float)});
  } else {
    look<double>(first, {reinterpret_cast<const double*>(bytes.data()), bytes.size() / sizeof(double)});
  }
  return first + most < spikes_;
}

template <typename Number>
void NotFiniteSearch::look(std::uint64_t first, std::span<const Number> values) {
  const auto is_finite = [](Number value) { return std::isfinite(value); };
  if (std::ranges::all_of(values, is_finite)) return;
  trains_->for_each_unit(first, values.size(), [&](std::size_t unit, std::uint64_t /*offset*/, std::uint64_t count) {
    const auto own = values.first(static_cast<std::size_t>(count));
    values = values.subspan(own.size());
    if (std::ranges::all_of(own, is_finite)) return;
    const std::lock_guard lock(mutex_);
    units_.insert(unit);
  });
}

}  // namespace spikeport
