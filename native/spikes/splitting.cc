#include "spikes/splitting.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "spikes/memory_spike_trains.h"
#include "spikes/unit_number.h"

namespace spikeport {
namespace {

/** Spikes of one piece: a millisecond or less. */
constexpr std::size_t piece_size = std::size_t{1} << 18U;

/** Unit numbers below this are counted in the first pass. */
constexpr std::size_t low_units = std::size_t{1} << 12U;

/** Counts for this many units are kept for each range; for more, only where there are as many spikes. */
constexpr std::size_t few_units = std::size_t{1} << 16U;

/** Calls `use` with each number and how often it comes in a row, until it returns false. */
template <typename Number, typename Use>
void for_each_run(std::span<const Number> numbers, Use use) {
  for (auto begin = numbers.begin(); begin != numbers.end();) {
    const Number number = *begin;
    auto end = begin + 1;
    while (end != numbers.end() && *end == number) ++end;
    if (!use(number, begin - numbers.begin(), end - begin)) return;
    begin = end;
  }
}

}  // namespace

template <typename Number>
SplittingOf<Number>::SplittingOf(std::span<const Number> idces, std::span<const double> times,
                                 const SplitRequest& request)
    : idces_(idces), times_(times.first(idces.size())), request_(request) {
  divide(std::max(1U, request.ranges));
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
bool SplittingOf<Number>::inspect(unsigned number) {
  Range& range = ranges_[number];
  if (range.at == range.begin) range.places.assign(std::min(low_units, idces_.size()), {});
  const std::span<Place> places(range.places);
  const std::size_t first = range.at;
  const auto piece = next_piece(range);
  if (piece.empty()) return false;
  Number last = idces_[first == 0 ? 0 : first - 1];
  double highest = range.highest;
  bool is_ascending = range.is_ascending;
  for_each_run(piece, [&](Number unit, std::ptrdiff_t /*at*/, std::ptrdiff_t count) {
    is_ascending = is_ascending && unit >= last;
    last = unit;
    if (const auto low = unit_number(unit, places.size())) {
      places[*low].next += count;
    } else {
      range.is_counted = false;
      // NaN is higher than nothing.
      highest = std::max(highest, static_cast<double>(unit));
    }
    return true;
  });
  range.highest = highest;
  range.is_ascending = is_ascending;
  return range.at < range.end;
}

template <typename Number>
double SplittingOf<Number>::highest() const {
  double highest = -1;
  for (const Range& range : ranges_) {
    std::size_t units = range.places.size();
    while (units > 0 && range.places[units - 1].next == 0) units--;
    highest = std::max({highest, std::floor(range.highest), static_cast<double>(units) - 1});
  }
  return highest;
}

template <typename Number>
void SplittingOf<Number>::begin_counting() {
  const double highest = this->highest();
  if (!request_.unit_count) {
    if (!(highest < static_cast<double>(request_.most_units))) {
      report_.too_high = highest;
      ranges_.clear();
      return;
    }
    request_.unit_count = static_cast<std::size_t>(highest + 1);
  }
  const std::size_t unit_count = *request_.unit_count;
  report_.unit_count = unit_count;
  is_by_unit_ = std::ranges::all_of(ranges_, &Range::is_ascending);
  const bool is_few = unit_count <= std::max(few_units, idces_.size()) / ranges_.size();
  const bool is_counted = highest < static_cast<double>(unit_count) && std::ranges::all_of(ranges_, &Range::is_counted);
  if (!is_few || !is_counted) return divide(is_few ? ranges_.size() : 1);
  for (Range& range : ranges_) range.places.resize(unit_count);
}

template <typename Number>
bool SplittingOf<Number>::count(unsigned number) {
  if (number >= ranges_.size()) return false;
  Range& range = ranges_[number];
  const std::size_t unit_count = report_.unit_count;
  if (range.at == range.begin) range.places.assign(unit_count, {});
  Place* const places = range.places.data();
  const std::size_t first = range.at;
  for_each_run(next_piece(range), [&](Number value, std::ptrdiff_t at, std::ptrdiff_t count) {
    const auto unit = unit_number(value, unit_count);
    if (!unit) {
      range.problem = first + static_cast<std::size_t>(at);
      return false;
    }
    places[*unit].next += count;
    return true;
  });
  return !range.problem && range.at < range.end;
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
  if (request_.keeps_times && is_by_unit_) {
    ranges_.clear();
    return;
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
