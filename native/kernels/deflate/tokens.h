// The tokens of a DEFLATE block (RFC 1951, 3.2.5) and how often each occurs: literal bytes, and matches, which repeat
// earlier bytes. Both share an alphabet. Here the distance of a match is always 1: it repeats the last byte.
//
// Two classes take the same tokens: TokenCounts counts them, TokenWriter (deflate_block.h) writes them. Both have
// `literal(byte)`, `run(byte, length)` for a byte with its repetitions, and `literals(bytes)` and `runs(bytes)`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport::kernels {

constexpr std::size_t end_of_block = 256;
constexpr std::size_t longest_match_symbol = 285;
constexpr std::size_t token_symbols = 286;
constexpr std::uint64_t shortest_match = 3;
constexpr std::uint64_t longest_match = 258;

/** How many extra bits, for the length, follow the code of a match's symbol (RFC 1951, 3.2.5). */
constexpr unsigned extra_bits(std::size_t symbol) {
  // After the first eight symbols, four symbols share each number of bits.
  return symbol < 265 || symbol == longest_match_symbol ? 0 : static_cast<unsigned>(symbol - 261) / 4;
}

/** The only distance has a code of one bit, 0. */
constexpr unsigned distance_bits = 1;

/** Stands for the symbol where there is no match. */
constexpr std::size_t no_match = token_symbols;

/** How a byte is repeated: by a match, or, where that would be too short, by literals. */
struct Repetition {
  std::uint16_t symbol = no_match;
  std::uint8_t literals = 0;
  /** The bits after the symbol's code: its extra bits and the code of the distance. */
  std::uint8_t tail = 0;
  std::uint8_t tail_bits = 0;
};

/** By how often the byte is repeated, which is less than the longest match. */
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

/** Counts how often each symbol occurs in a block, the end of the block included. */
class TokenCounts {
 public:
  TokenCounts() { counts_[end_of_block] = 1; }

  void literal(std::byte value) { counts_[std::to_integer<std::size_t>(value)]++; }
  void literals(std::span<const std::byte> bytes);
  void runs(std::span<const std::byte> bytes);
  void run(std::byte value, std::uint64_t length) {
    std::uint64_t times = length - 1;
    if (times >= longest_match) {
      counts_[longest_match_symbol] += static_cast<std::uint32_t>(times / longest_match);
      times %= longest_match;
    }
    // No branch depends on whether there is a match: it would be mispredicted.
    const Repetition& repetition = repetitions[times];
    counts_[std::to_integer<std::size_t>(value)] += 1U + repetition.literals;
    counts_[repetition.symbol]++;
  }

  /** Adds the tokens of another block to this one. */
  void join(const TokenCounts& other);

  [[nodiscard]] std::span<const std::uint32_t, token_symbols> by_symbol() const {
    return std::span(counts_).first<token_symbols>();
  }

  /** About how many bits the block takes in codes of its own, with its header. */
  [[nodiscard]] std::uint64_t estimated_bits() const;

 private:
  /** By symbol; the last one is `no_match`. */
  std::array<std::uint32_t, token_symbols + 1> counts_{};
};

}  // namespace spikeport::kernels
