#include "kernels/sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace spikeport::kernels {
namespace {

constexpr unsigned digit_bits = 11;
constexpr std::size_t digit_values = std::size_t{1} << digit_bits;
/** Below this, counting costs more than comparing. */
constexpr std::size_t worth_counting = 256;

/** Up to this many times, there are at least 16 intervals for each. */
constexpr std::size_t most_placed = digit_values * digit_values / 16;

/** How often each value of a digit occurs; then the index where the next one goes. */
using Counts = std::array<std::uint32_t, digit_values>;

/** Turns counts into the indices where the first of each value goes. */
void add_up(Counts& counts) {
  std::uint32_t begin = 0;
  for (std::uint32_t& count : counts) begin += std::exchange(count, begin);
}

/** In which of 2^22 equal intervals, from the train's first time to its last, a time lies: two digits. */
class Place {
 public:
  explicit Place(std::span<const double> times) : first_(times[0]) {
    double last = first_;
    for (const double time : times) {
      first_ = time < first_ ? time : first_;
      last = last < time ? time : last;
    }
    per_time_ = (digit_values * digit_values - 1) / (last - first_);
  }

  /** False where all times are equal, or so close together or far apart that the scale overflows. */
  [[nodiscard]] bool exists() const { return per_time_ > 0 && std::isfinite(per_time_); }
  [[nodiscard]] std::size_t low(double time) const { return of(time) % digit_values; }
  [[nodiscard]] std::size_t high(double time) const { return of(time) / digit_values; }

 private:
  [[nodiscard]] std::uint32_t of(double time) const {
    // Through a signed number, which processors convert to in one instruction.
    return static_cast<std::uint32_t>(static_cast<std::int32_t>((time - first_) * per_time_));
  }

  double first_;
  double per_time_;
};

/** Sorts times that are almost in order; returns false where that would take more than one move a time. */
bool sort_by_moves(std::span<double> times) {
  std::size_t moves = times.size();
  for (std::size_t i = 1; i < times.size(); i++) {
    const double time = times[i];
    std::size_t at = i;
    for (; at > 0 && time < times[at - 1]; at--) times[at] = times[at - 1];
    times[at] = time;
    if (moves < i - at) return false;
    moves -= i - at;
  }
  return true;
}

/**
 * Sorts by places, which are so numerous that hardly two of a unit's spikes share one: two passes do it. Returns
 * false, with the times in any order, where they lie too close together.
 */
bool sort_by_place(std::span<double> times, std::span<double> scratch) {
  const Place place(times);
  if (!place.exists()) return false;
  Counts low{};
  Counts high{};
  for (const double time : times) {
    low[place.low(time)]++;
    high[place.high(time)]++;
  }
  add_up(low);
  add_up(high);
  for (const double time : times) scratch[low[place.low(time)]++] = time;
  for (const double time : scratch) times[high[place.high(time)]++] = time;
  return sort_by_moves(times);
}

// By digits of their bits, of which 6 make a double; digits that all times share are passed over.
constexpr std::size_t digits = 6;

/** Bits that ascend as the time does. */
std::uint64_t ascending_bits(double time) {
  const auto bits = std::bit_cast<std::uint64_t>(time);
  constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

std::size_t digit_of(double time, std::size_t digit) {
  return ascending_bits(time) >> (digit * digit_bits) & (digit_values - 1);
}

/** Sorts times of any distribution. */
void sort_by_bits(std::span<double> times, std::span<double> scratch) {
  thread_local std::array<Counts, digits> counts;
  for (auto& of_digit : counts) of_digit.fill(0);
  for (const double time : times) {
    for (std::size_t digit = 0; digit < digits; digit++) counts[digit][digit_of(time, digit)]++;
  }
  std::span<double> from = times;
  std::span<double> to = scratch;
  for (std::size_t digit = 0; digit < digits; digit++) {
    auto& next = counts[digit];
    if (next[digit_of(from[0], digit)] == from.size()) continue;
    add_up(next);
    for (const double time : from) to[next[digit_of(time, digit)]++] = time;
    std::swap(from, to);
  }
  if (from.data() != times.data()) std::ranges::copy(from, times.begin());
}

}  // namespace

void sort_times(std::span<double> times, std::vector<double>& scratch) {
  constexpr std::size_t most_countable = UINT32_MAX;
  if (times.size() < worth_counting || times.size() > most_countable) {
    std::ranges::sort(times);
    return;
  }
  scratch.resize(std::max(scratch.size(), times.size()));
  const auto room = std::span(scratch).first(times.size());
  if (times.size() > most_placed || !sort_by_place(times, room)) sort_by_bits(times, room);
}

void sort_with_records(std::span<double> times, const Records& records, RecordSortMemory& memory) {
  memory.keys.resize(std::max(memory.keys.size(), times.size()));
  const auto keys = std::span(memory.keys).first(times.size());
  for (std::size_t i = 0; i < keys.size(); i++) keys[i] = {times[i], static_cast<std::uint32_t>(i)};
  // No two keys are equal, so that any sort is a stable one.
  std::sort(keys.begin(), keys.end());
  memory.records.resize(std::max(memory.records.size(), records.bytes.size()));
  const Records sorted{.bytes = std::span(memory.records).first(records.bytes.size()), .size = records.size};
  with_record_copy(records, sorted, [&](auto copy) {
    for (std::size_t i = 0; i < keys.size(); i++) {
      times[i] = keys[i].first;
      copy(keys[i].second, i);
    }
  });
  std::ranges::copy(sorted.bytes, records.bytes.begin());
}

}  // namespace spikeport::kernels
