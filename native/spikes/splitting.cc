#include "spikes/splitting.h"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <type_traits>
#include <utility>

#include "spikes/memory_spike_trains.h"

namespace spikeport {
namespace {

/** Spikes of one piece: a millisecond or less. */
constexpr std::size_t piece_size = std::size_t{1} << 18U;

/** Counts for this many units are kept for each range; for more, only where there are as many spikes. */
constexpr std::size_t few_units = std::size_t{1} << 16U;

/** A number seen as a unit number below `unit_count`. */
template <typename Number>
std::optional<std::size_t> unit_number(Number value, std::size_t unit_count) {
  if constexpr (std::integral<Number>) {
    if (std::cmp_less(value, 0) || std::cmp_greater_equal(value, unit_count)) return std::nullopt;
    return static_cast<std::make_unsigned_t<Number>>(value);
  } else {
    const auto number = static_cast<double>(value);
    if (!(number >= 0.0 && number < static_cast<double>(unit_count)) || std::trunc(number) != number)
      return std::nullopt;
    return static_cast<std::size_t>(number);
  }
}

}  // namespace

template <typename Number>
SplittingOf<Number>::SplittingOf(std::span<const Number> idces, std::span<const double> times,
                                 std::optional<std::size_t> unit_count, std::size_t most_units, unsigned ranges)
    : idces_(idces), times_(times.first(idces.size())), unit_count_(unit_count), most_units_(most_units) {
  divide(std::max(1U, ranges));
}

template <typename Number>
void SplittingOf<Number>::divide(std::size_t ranges) {
  ranges_.assign(ranges, {});
  const std::size_t length = idces_.size() / ranges;
  for (std::size_t i = 0; i < ranges; i++) {
    ranges_[i].begin = i * length;
    ranges_[i].end = i + 1 == ranges ? idces_.size() : (i + 1) * length;
    ranges_[i].at = ranges_[i].begin;
  }
}

template <typename Number>
std::span<const Number> SplittingOf<Number>::next_piece(Range& range) {
  const auto piece = idces_.subspan(range.at, std::min(piece_size, range.end - range.at));
  range.at += piece.size();
  return piece;
}

template <typename Number>
bool SplittingOf<Number>::find_highest(unsigned number) {
  if (unit_count_) return false;
  Range& range = ranges_[number];
  double highest = range.highest;
  // NaN is higher than nothing.
  for (const Number unit : next_piece(range)) highest = std::max(highest, static_cast<double>(unit));
  range.highest = highest;
  return range.at < range.end;
}

template <typename Number>
void SplittingOf<Number>::begin_counting() {
  if (!unit_count_) {
    double highest = -1;
    for (const Range& range : ranges_) highest = std::max(highest, std::floor(range.highest));
    if (!(highest < static_cast<double>(most_units_))) {
      report_.too_high = highest;
      ranges_.clear();
      return;
    }
    unit_count_ = static_cast<std::size_t>(highest + 1);
  }
  report_.unit_count = *unit_count_;
  const bool is_few = report_.unit_count <= std::max(few_units, idces_.size()) / ranges_.size();
  divide(is_few ? ranges_.size() : 1);
}

template <typename Number>
bool SplittingOf<Number>::count(unsigned number) {
  if (number >= ranges_.size()) return false;
  Range& range = ranges_[number];
  const std::size_t unit_count = report_.unit_count;
  if (range.at == range.begin) range.places.assign(unit_count, {});
  Place* const places = range.places.data();
  for (const Number& value : next_piece(range)) {
    const auto unit = unit_number(value, unit_count);
    if (!unit) {
      range.problem = static_cast<std::size_t>(&value - idces_.data());
      return false;
    }
    places[*unit].next++;
  }
  return range.at < range.end;
}

template <typename Number>
void SplittingOf<Number>::begin_placing() {
  find_problem();
  if (ranges_.empty()) return;
  report_.ends = std::shared_ptr<std::int64_t[]>(new std::int64_t[report_.unit_count]);
  std::int64_t end = 0;
  for (std::size_t unit = 0; unit < report_.unit_count; unit++) {
    for (Range& range : ranges_) {
      Place& place = range.places[unit];
      const std::int64_t begin = std::exchange(end, end + place.next);
      place = {.next = begin, .end = end};
    }
    report_.ends.get()[unit] = end;
  }
  report_.times = allocate_times(times_.size());
  for (Range& range : ranges_) range.at = range.begin;
}

template <typename Number>
bool SplittingOf<Number>::place(unsigned number) {
  if (number >= ranges_.size()) return false;
  Range& range = ranges_[number];
  const std::size_t unit_count = report_.unit_count;
  const std::size_t first = range.at;
  const auto piece = next_piece(range);
  const auto times = times_.subspan(first, piece.size());
  Place* const places = range.places.data();
  double* const out = report_.times.get();
  for (std::size_t i = 0; i < piece.size(); i++) {
    // Checked again: on another thread the caller may have changed it since.
    const auto unit = unit_number(piece[i], unit_count);
    if (!unit || places[*unit].next >= places[*unit].end) {
      range.problem = first + i;
      return false;
    }
    out[places[*unit].next++] = times[i];
  }
  return range.at < range.end;
}

template <typename Number>
void SplittingOf<Number>::finish() {
  find_problem();
}

template <typename Number>
void SplittingOf<Number>::find_problem() {
  for (const Range& range : ranges_) {
    if (!range.problem) continue;
    report_.problem = range.problem;
    ranges_.clear();
    return;
  }
}

template class SplittingOf<std::int8_t>;
template class SplittingOf<std::uint8_t>;
template class SplittingOf<std::int16_t>;
template class SplittingOf<std::uint16_t>;
template class SplittingOf<std::int32_t>;
template class SplittingOf<std::uint32_t>;
template class SplittingOf<std::int64_t>;
template class SplittingOf<std::uint64_t>;
template class SplittingOf<float>;
template class SplittingOf<double>;

}  // namespace spikeport
