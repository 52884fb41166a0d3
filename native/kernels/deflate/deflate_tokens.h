#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace spikeport::kernels {

// The tokens of RFC 1951: literal bytes, and matches, which repeat bytes from before. Both share an alphabet. Here a
// match is at distance 1 always: it repeats the last byte.
//
// A visitor of tokens takes bytes one by one, `literal(byte)`, or with their repetitions, `run(byte, length)`; or many
// of them, `literals(bytes)` and `runs(bytes)`.

constexpr std::size_t end_of_block = 256;
constexpr std::size_t longest_match_symbol = 285;
constexpr std::size_t token_symbols = 286;
constexpr std::uint64_t shortest_match = 3;
constexpr std::uint64_t longest_match = 258;

/** How many bits follow the code of a match's symbol, which tell its length. */
constexpr unsigned extra_bits(std::size_t symbol) {
  // Behind the first eight symbols, four share each number of bits.
  return symbol < 265 || symbol == longest_match_symbol ? 0 : static_cast<unsigned>(symbol - 261) / 4;
}

/** The only distance has a code of one bit, 0. */
constexpr unsigned distance_bits = 1;

/** Stands for the symbol where there is no match. */
constexpr std::size_t no_match = token_symbols;

/** How a byte is repeated behind itself: by a match, or, where that would be too short, by literals. */
struct Repetition {
  std::uint16_t symbol = no_match;
  std::uint8_t literals = 0;
  /** What follows the symbol's code: its extra bits and the distance. */
  std::uint8_t tail = 0;
  std::uint8_t tail_bits = 0;
};

/** By the number of times, below those of the longest match. */
constexpr auto repetitions = [] {
  std::array<Repetition, longest_match> by_times{};
  std::size_t times = 0;
  for (; times < shortest_match; times++) by_times[times].literals = static_cast<std::uint8_t>(times);
  for (std::size_t symbol = end_of_block + 1; symbol < longest_match_symbol; symbol++) {
    const unsigned extra_count = extra_bits(symbol);
    for (unsigned extra = 0; extra < 1U << extra_count && times < longest_match; extra++) {
      by_times[times++] = {static_cast<std::uint16_t>(symbol), 0, static_cast<std::uint8_t>(extra),
                           static_cast<std::uint8_t>(extra_count + distance_bits)};
    }
  }
  return by_times;
}();

}  // namespace spikeport::kernels
