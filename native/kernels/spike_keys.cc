#include "kernels/spike_keys.h"

#include <array>
#include <bit>
#include <cstddef>
#include <utility>

namespace spikeport::kernels {
namespace {

/** The counts of one digit stay in the processor's first cache. */
constexpr unsigned most_digit_bits = 11;

}  // namespace

std::span<const SpikeKey> sort_by_sample(std::span<SpikeKey> keys, std::span<SpikeKey> scratch, std::uint32_t width) {
  const auto bits = static_cast<unsigned>(std::bit_width(width - 1));
  const unsigned digits = (bits + most_digit_bits - 1) / most_digit_bits;
  for (unsigned digit = 0; digit < digits; digit++) {
    // Digits of one size, and as small as they can be: fewer counts to go through.
    const unsigned digit_bits = (bits + digits - 1) / digits;
    const std::size_t mask = (std::size_t{1} << digit_bits) - 1;
    const auto digit_of = [&](SpikeKey key) { return sample_of(key) >> (digit * digit_bits) & mask; };

    std::array<std::uint32_t, std::size_t{1} << most_digit_bits> next{};
    for (const SpikeKey key : keys) next[digit_of(key)]++;
    std::uint32_t begin = 0;
    for (std::uint32_t& count : std::span(next).first(mask + 1)) begin += std::exchange(count, begin);
    for (const SpikeKey key : keys) scratch[next[digit_of(key)]++] = key;
    std::swap(keys, scratch);
  }
  return keys;
}

}  // namespace spikeport::kernels
