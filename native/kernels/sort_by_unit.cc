#include "kernels/sort_by_unit.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace spikeport::kernels {
namespace {

/** The counts of a digit stay in the processor's nearest cache, and most recordings have one digit of units. */
constexpr unsigned unit_digit_bits = 11;
constexpr std::uint32_t unit_digits = 1U << unit_digit_bits;

/** Of each digit: where its next spike goes. 32 bits of them take half the time of 64. */
using DigitPlaces = std::array<std::uint32_t, unit_digits>;

std::uint32_t digit_of_unit(std::uint32_t unit, unsigned shift) { return unit >> shift & (unit_digits - 1); }

DigitPlaces first_places(std::span<const std::uint32_t> units, unsigned shift) {
  DigitPlaces next{};
  for (const std::uint32_t unit : units) next[digit_of_unit(unit, shift)]++;
  std::uint32_t begin = 0;
  for (std::uint32_t& count : next) begin += std::exchange(count, begin);
  return next;
}

/**
 * A stable counting sort by one digit.
 * @param move_rest moves what else than the time a spike has to another place
 * @return where the spikes of each digit end
 */
template <typename Move>
DigitPlaces sort_by_digit(const SpikeColumns& from, const SpikeColumns& to, unsigned shift, Move move_rest) {
  DigitPlaces next = first_places(from.units, shift);
  for (std::size_t i = 0; i < from.units.size(); i++) {
    const std::uint32_t place = next[digit_of_unit(from.units[i], shift)]++;
    to.times[place] = from.times[i];
    move_rest(i, place);
  }
  return next;
}

/** Sorts spikes of units that have one digit: the numbers of the units need not move. */
void sort_by_only_digit(const SpikeColumns& from, const SpikeColumns& to, std::vector<UnitEnd>& ends) {
  DigitPlaces places;
  with_record_copy(from.values, to.values, [&](auto copy) { places = sort_by_digit(from, to, 0, copy); });
  std::uint32_t begin = 0;
  for (std::uint32_t unit = 0; unit < unit_digits; unit++) {
    if (places[unit] > begin) ends.push_back({.unit = unit, .end = places[unit]});
    begin = places[unit];
  }
}

void find_ends(std::span<const std::uint32_t> sorted, std::vector<UnitEnd>& ends) {
  for (std::size_t i = 0; i < sorted.size(); i++) {
    const bool is_last = i + 1 == sorted.size() || sorted[i + 1] != sorted[i];
    if (is_last) ends.push_back({.unit = sorted[i], .end = static_cast<std::uint32_t>(i + 1)});
  }
}

}  // namespace

SpikesByUnit sort_by_unit(SpikeColumns spikes, SpikeColumns scratch, std::vector<UnitEnd>& ends) {
  ends.clear();
  if (std::ranges::is_sorted(spikes.units)) {
    find_ends(spikes.units, ends);
    return {.times = spikes.times, .values = spikes.values};
  }
  const std::size_t count = spikes.units.size();
  scratch = {.units = scratch.units.first(count),
             .times = scratch.times.first(count),
             .values = scratch.values.subspan(0, count)};
  const std::uint32_t highest = *std::ranges::max_element(spikes.units);
  if (highest < unit_digits) {
    sort_by_only_digit(spikes, scratch, ends);
    return {.times = scratch.times, .values = scratch.values};
  }
  for (unsigned shift = 0; shift < 32 && highest >> shift != 0; shift += unit_digit_bits) {
    with_record_copy(spikes.values, scratch.values, [&](auto copy) {
      sort_by_digit(spikes, scratch, shift, [&](std::size_t i, std::size_t place) {
        scratch.units[place] = spikes.units[i];
        copy(i, place);
      });
    });
    std::swap(spikes, scratch);
  }
  find_ends(spikes.units, ends);
  return {.times = spikes.times, .values = spikes.values};
}

}  // namespace spikeport::kernels
