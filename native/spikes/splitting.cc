#include "spikes/splitting.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "spikes/memory_spike_trains.h"

namespace spikeport {
namespace {

/** Spikes of one piece: a millisecond or a few. */
constexpr std::size_t piece_size = std::size_t{1} << 18U;

/** A number seen as a unit number below `unit_count`. */
template <typename Number>
std::optional<std::size_t> unit_number(Number value, std::size_t unit_count) {
  const auto number = static_cast<double>(value);
  if (!(number >= 0.0 && number < static_cast<double>(unit_count)) || std::trunc(number) != number) return std::nullopt;
  return static_cast<std::size_t>(number);
}

}  // namespace

template <typename Number>
Splitting<Number>::Splitting(std::span<const Number> idces, std::span<const double> times,
                             std::optional<std::size_t> unit_count, std::size_t most_units)
    : idces_(idces), times_(times.first(idces.size())), unit_count_(unit_count), most_units_(most_units) {}

template <typename Number>
bool Splitting<Number>::step() {
  // Here, because memory for many units takes a while: the constructor runs on the JS thread.
  if (unit_count_) begin_counting(*std::exchange(unit_count_, std::nullopt));
  const auto piece = idces_.subspan(at_, std::min(piece_size, idces_.size() - at_));
  switch (pass_) {
    case Pass::highest:
      find_highest(piece);
      break;
    case Pass::count:
      count(piece);
      break;
    case Pass::place:
      place(piece);
      break;
    case Pass::done:
      break;
  }
  at_ += piece.size();
  if (at_ == idces_.size()) end_pass();
  return pass_ != Pass::done;
}

template <typename Number>
void Splitting<Number>::find_highest(std::span<const Number> piece) {
  // NaN is higher than nothing.
  for (const Number number : piece) highest_ = std::max(highest_, static_cast<double>(number));
}

template <typename Number>
void Splitting<Number>::count(std::span<const Number> piece) {
  for (const Number& number : piece) {
    const auto unit = unit_number(number, report_.unit_count);
    if (!unit) {
      report_.problem = static_cast<std::size_t>(&number - idces_.data());
      pass_ = Pass::done;
      return;
    }
    places_[*unit].next++;
  }
}

template <typename Number>
void Splitting<Number>::place(std::span<const Number> piece) {
  for (std::size_t i = 0; i < piece.size(); i++) {
    // Checked again: on another thread the caller may have changed it since.
    const auto unit = unit_number(piece[i], report_.unit_count);
    if (!unit || places_[*unit].next >= places_[*unit].end) {
      report_.problem = at_ + i;
      pass_ = Pass::done;
      return;
    }
    report_.times.get()[places_[*unit].next++] = times_[at_ + i];
  }
}

template <typename Number>
void Splitting<Number>::end_pass() {
  at_ = 0;
  if (pass_ == Pass::highest) {
    const double highest = std::floor(highest_);
    if (highest < static_cast<double>(most_units_)) {
      begin_counting(static_cast<std::size_t>(highest + 1));
    } else {
      report_.too_high = highest;
      pass_ = Pass::done;
    }
    return;
  }
  if (pass_ != Pass::count) {
    pass_ = Pass::done;
    return;
  }
  report_.ends = std::shared_ptr<std::int64_t[]>(new std::int64_t[report_.unit_count]);
  std::int64_t end = 0;
  for (std::size_t unit = 0; unit < report_.unit_count; unit++) {
    const std::int64_t begin = std::exchange(end, end + places_[unit].next);
    report_.ends.get()[unit] = end;
    places_[unit] = {.next = begin, .end = end};
  }
  report_.times = allocate_times(times_.size());
  pass_ = Pass::place;
}

template <typename Number>
void Splitting<Number>::begin_counting(std::size_t unit_count) {
  report_.unit_count = unit_count;
  places_.assign(unit_count, {});
  pass_ = Pass::count;
}

template class Splitting<std::int8_t>;
template class Splitting<std::uint8_t>;
template class Splitting<std::int16_t>;
template class Splitting<std::uint16_t>;
template class Splitting<std::int32_t>;
template class Splitting<std::uint32_t>;
template class Splitting<std::int64_t>;
template class Splitting<std::uint64_t>;
template class Splitting<float>;
template class Splitting<double>;

}  // namespace spikeport
