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

std::uint32_t digit_of_unit(std::uint32_t unit, unsigned shift) { return unit >> shift & (unit_digits - 1); }

/**
 * A stable counting sort by one digit.
 * @param copy_values copies the record of a spike to another place
 */
template <typename Copy>
void sort_by_unit_digit(const SpikeColumns& from, const SpikeColumns& to, unsigned shift, Copy copy_values) {
  std::array<std::size_t, unit_digits> next{};
  for (const std::uint32_t unit : from.units) next[digit_of_unit(unit, shift)]++;
  std::size_t begin = 0;
  for (std::size_t& count : next) begin += std::exchange(count, begin);
  for (std::size_t i = 0; i < from.units.size(); i++) {
    const std::size_t place = next[digit_of_unit(from.units[i], shift)]++;
    to.units[place] = from.units[i];
    to.times[place] = from.times[i];
    copy_values(i, place);
  }
}

}  // namespace

SpikeColumns sort_by_unit(SpikeColumns spikes, SpikeColumns scratch) {
  if (std::ranges::is_sorted(spikes.units)) return spikes;
  const std::size_t count = spikes.units.size();
  scratch = {.units = scratch.units.first(count),
             .times = scratch.times.first(count),
             .values = scratch.values.subspan(0, count)};
  const std::uint32_t highest = *std::ranges::max_element(spikes.units);
  for (unsigned shift = 0; shift < 32 && highest >> shift != 0; shift += unit_digit_bits) {
    with_record_copy(spikes.values, scratch.values,
                     [&](auto copy) { sort_by_unit_digit(spikes, scratch, shift, copy); });
    std::swap(spikes, scratch);
  }
  return spikes;
}

}  // namespace spikeport::kernels
