#include "kernels/fletcher32.h"

#include <algorithm>

namespace spikeport::kernels {
namespace {

/** The sums of this many words do not overflow. */
constexpr std::size_t words_a_block = 360;

constexpr std::uint32_t folded(std::uint32_t sum) { return (sum & 0xFFFFU) + (sum >> 16U); }

}  // namespace

std::uint32_t fletcher32(std::span<const std::byte> bytes) {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  const std::size_t words = bytes.size() / 2;
  for (std::size_t word = 0; word < words;) {
    const std::size_t end = std::min(words, word + words_a_block);
    for (; word < end; word++) {
      first += at(2 * word) << 8U | at(2 * word + 1);
      second += first;
    }
    first = folded(first);
    second = folded(second);
  }
  if (bytes.size() % 2 == 1) {
    first += at(bytes.size() - 1) << 8U;
    second += first;
    first = folded(first);
    second = folded(second);
  }
  return folded(second) << 16U | folded(first);
}

bool has_fletcher32(std::span<const std::byte> bytes) {
  const auto stored = bytes.last(4);
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(stored[i]); };
  const std::uint32_t sum = fletcher32(bytes.first(bytes.size() - 4));
  const std::uint32_t little = at(0) | at(1) << 8U | at(2) << 16U | at(3) << 24U;
  const std::uint32_t old = at(1) | at(0) << 8U | at(3) << 16U | at(2) << 24U;
  return sum == little || sum == old;
}

}  // namespace spikeport::kernels
