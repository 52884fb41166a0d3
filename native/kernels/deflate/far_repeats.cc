#include "kernels/deflate/far_repeats.h"

#include <array>
#include <cstring>

namespace spikeport::kernels {
namespace {

/** Four bytes that came before are worth telling by where they are, which takes about as many bits as this. */
using Word = std::uint32_t;
constexpr std::uint64_t bits_per_match = 18;

Word word_at(const std::byte* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

constexpr unsigned slot_bits = 11;
std::size_t slot_of(Word word) { return word * 0x9E3779B1U >> (32 - slot_bits); }

}  // namespace

std::uint64_t bits_with_far_repeats(std::span<const std::byte> bytes, std::uint64_t coded_bits) {
  // By a hash of a word, behind where it came last; 0 is nowhere.
  std::array<std::uint16_t, std::size_t{1} << slot_bits> seen{};
  std::uint64_t matches = 0;
  std::size_t matched = 0;
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size();) {
    const Word word = word_at(&bytes[i]);
    std::uint16_t& last = seen[slot_of(word)];
    std::size_t from = last;
    last = static_cast<std::uint16_t>(i + 1);
    if (from == 0 || word_at(&bytes[from - 1]) != word) {
      i++;
      continue;
    }
    const std::size_t begin = i;
    for (from--; i < bytes.size() && bytes[from] == bytes[i]; from++) i++;
    matches++;
    matched += i - begin;
  }
  return matches * bits_per_match + coded_bits * (bytes.size() - matched) / bytes.size();
}

}  // namespace spikeport::kernels
