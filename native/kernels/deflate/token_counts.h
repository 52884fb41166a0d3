#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate/deflate_tokens.h"

namespace spikeport::kernels {

/** Visits the tokens of a block and counts how often each symbol occurs, the end of the block included. */
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
    // Without a look at whether there is a match, which nobody can foretell.
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
