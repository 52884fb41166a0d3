#include "kernels/sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace spikeport::kernels {
namespace {

// A radix sort by digits of 11 bits, of which 6 make a double; digits that all times share are passed over.
constexpr unsigned digit_bits = 11;
constexpr std::size_t digits = 6;
constexpr std::size_t digit_values = std::size_t{1} << digit_bits;
/** Below this, counting costs more than comparing. */
constexpr std::size_t worth_counting = 1024;

/** Bits that ascend as the time does. */
std::uint64_t ascending_bits(double time) {
  const auto bits = std::bit_cast<std::uint64_t>(time);
  constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

std::size_t digit_of(double time, std::size_t digit) {
  return ascending_bits(time) >> (digit * digit_bits) & (digit_values - 1);
}

using Counts = std::array<std::array<std::uint32_t, digit_values>, digits>;

/** How often each value of each digit occurs. */
void count_digits(std::span<const double> times, Counts& counts) {
  for (auto& of_digit : counts) of_digit.fill(0);
  for (const double time : times) {
    for (std::size_t digit = 0; digit < digits; digit++) counts[digit][digit_of(time, digit)]++;
  }
}

}  // namespace

void sort_times(std::span<double> times, std::vector<double>& scratch) {
  constexpr std::size_t most_countable = UINT32_MAX;
  if (times.size() < worth_counting || times.size() > most_countable) {
    std::ranges::sort(times);
    return;
  }
  thread_local Counts counts;
  count_digits(times, counts);
  scratch.resize(std::max(scratch.size(), times.size()));
  std::span<double> from = times;
  std::span<double> to = std::span(scratch).first(times.size());
  for (std::size_t digit = 0; digit < digits; digit++) {
    auto& next = counts[digit];
    if (next[digit_of(from[0], digit)] == from.size()) continue;
    std::uint32_t begin = 0;
    for (std::uint32_t& count : next) begin += std::exchange(count, begin);
    for (const double time : from) to[next[digit_of(time, digit)]++] = time;
    std::swap(from, to);
  }
  if (from.data() != times.data()) std::ranges::copy(from, times.begin());
}

}  // namespace spikeport::kernels
