#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace spikeport::kernels {

// The tokens of RFC 1951: literal bytes, and matches, which repeat bytes from before. Both share an alphabet. Here a
// match is at distance 1 always: it repeats the last byte.
//
// A visitor of tokens has `literal(byte)`, `literals(bytes)`, `match(length)` for lengths from 3 to 257, and
// `longest_matches(count)`.

constexpr std::size_t end_of_block = 256;
constexpr std::size_t longest_match_symbol = 285;
constexpr std::size_t token_symbols = 286;
constexpr std::uint64_t shortest_match = 3;
constexpr std::uint64_t longest_match = 258;

/** How many bits follow a symbol's code. */
constexpr unsigned extra_bits(std::size_t symbol) {
  // Behind the first eight lengths, four symbols share each number of bits.
  return symbol < 265 || symbol == longest_match_symbol ? 0 : static_cast<unsigned>(symbol - 261) / 4;
}

/** How a length is written: a symbol, and bits behind its code. */
struct MatchLength {
  std::uint16_t symbol;
  std::uint8_t extra_count;
  std::uint8_t extra;
};

/** By length, from 3 to 257; the longest one has a symbol of its own. */
constexpr auto match_lengths = [] {
  std::array<MatchLength, longest_match> lengths{};
  std::size_t length = shortest_match;
  for (std::size_t symbol = end_of_block + 1; symbol < longest_match_symbol; symbol++) {
    const unsigned extra_count = extra_bits(symbol);
    for (unsigned extra = 0; extra < 1U << extra_count && length < longest_match; extra++) {
      lengths[length++] = {static_cast<std::uint16_t>(symbol), static_cast<std::uint8_t>(extra_count),
                           static_cast<std::uint8_t>(extra)};
    }
  }
  return lengths;
}();

/** Gives the visitor so many repetitions of a byte behind that byte. */
template <typename Visitor>
void visit_repetitions(std::byte value, std::uint64_t times, Visitor& visitor) {
  if (times >= longest_match) visitor.longest_matches(times / longest_match);
  times %= longest_match;
  if (times >= shortest_match) {
    visitor.match(times);
  } else {
    for (; times > 0; times--) visitor.literal(value);
  }
}

}  // namespace spikeport::kernels
