#include "kernels/deflate/huffman.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <queue>
#include <utility>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

using Frequencies = std::vector<std::uint32_t>;

std::vector<HuffmanCode> codes_of(const Frequencies& frequencies, unsigned longest) {
  std::vector<HuffmanCode> codes(frequencies.size());
  huffman_codes(frequencies, longest, codes);
  return codes;
}

/** Bits of all symbols together in codes of any length: the sum of all nodes of Huffman's tree. */
std::uint64_t least_bits(const Frequencies& frequencies) {
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> weights;
  for (const std::uint32_t frequency : frequencies) {
    if (frequency > 0) weights.push(frequency);
  }
  std::uint64_t sum = 0;
  while (weights.size() > 1) {
    std::uint64_t joined = weights.top();
    weights.pop();
    joined += weights.top();
    weights.pop();
    weights.push(joined);
    sum += joined;
  }
  return sum;
}

/** The codes that RFC 1951, section 3.2.2, gives to these lengths, the first bit highest. */
std::vector<std::uint32_t> canonical(const std::vector<HuffmanCode>& codes) {
  std::array<std::uint32_t, 17> counts{};
  for (const HuffmanCode& code : codes) counts.at(code.length)++;
  counts[0] = 0;
  std::array<std::uint32_t, 17> next{};
  for (std::size_t length = 1; length < next.size(); length++) {
    next.at(length) = (next.at(length - 1) + counts.at(length - 1)) << 1U;
  }
  std::vector<std::uint32_t> expected(codes.size());
  std::ranges::transform(codes, expected.begin(),
                         [&](const HuffmanCode& code) { return code.length > 0 ? next.at(code.length)++ : 0; });
  return expected;
}

void check_codes(const Frequencies& frequencies, unsigned longest) {
  const auto codes = codes_of(frequencies, longest);
  const auto expected = canonical(codes);
  std::uint64_t kraft = 0;
  std::uint64_t bits = 0;
  bool as_told = true;
  bool limited = false;
  for (std::size_t symbol = 0; symbol < codes.size(); symbol++) {
    const auto [code, length] = codes[symbol];
    as_told = as_told && (length > 0) == (frequencies[symbol] > 0) && length <= longest;
    if (length == 0) continue;
    kraft += std::uint64_t{1} << (longest - length);
    bits += std::uint64_t{frequencies[symbol]} * length;
    limited = limited || length == longest;
    for (unsigned i = 0; i < length; i++) {
      as_told = as_told && (code >> i & 1U) == (expected[symbol] >> (length - 1 - i) & 1U);
    }
  }
  CHECK(as_told);
  CHECK(kraft == std::uint64_t{1} << longest);
  // Where no code is as long as it may be, nothing was cut.
  if (!limited) CHECK(bits == least_bits(frequencies));
  CHECK(bits >= least_bits(frequencies));
}

TEST_CASE("huffman_codes: complete, canonical, no longer than allowed, and the best there are unless cut") {
  test::Random random(1);
  for (int i = 0; i < 5000; i++) {
    INFO("case " << i);
    const bool small = i % 3 == 0;
    Frequencies frequencies(2 + random.below(small ? 18 : most_huffman_symbols - 1));
    const double used = random.fraction();
    const auto magnitude = static_cast<unsigned>(random.below(31));
    for (std::uint32_t& frequency : frequencies) {
      if (random.with_chance(used))
        frequency = static_cast<std::uint32_t>(random.bits() >> (63 - random.below(magnitude + 1)));
    }
    frequencies.front()++;
    frequencies.back()++;
    check_codes(frequencies, small ? 7 : i % 3 == 1 ? 14 : 15);
  }
}

TEST_CASE("huffman_codes: the deepest trees") {
  for (const std::size_t symbols : {2, 3, 15, 16, 17, 19, 40}) {
    INFO(symbols << " symbols");
    Frequencies frequencies(symbols);
    std::uint32_t next = 1;
    std::uint32_t frequency = 1;
    for (std::uint32_t& each : frequencies) {
      each = frequency;
      frequency = std::exchange(next, frequency + next);
    }
    if (symbols <= 19) check_codes(frequencies, 7);
    check_codes(frequencies, 15);
    std::ranges::reverse(frequencies);
    check_codes(frequencies, 15);
  }
  const auto codes = codes_of(Frequencies{1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597}, 15);
  CHECK(std::ranges::max(codes, {}, &HuffmanCode::length).length == 15);
}

TEST_CASE("huffman_codes: two symbols, and the largest number of symbols") {
  check_codes({1, 1}, 15);
  check_codes({0, 0, 1, 0, 4'000'000'000, 0}, 15);
  check_codes(Frequencies(most_huffman_symbols, 1), 15);
  check_codes(Frequencies(most_huffman_symbols, 4'000'000'000), 15);
  check_codes(Frequencies(19, 1), 7);
}

}  // namespace
}  // namespace spikeport::kernels
