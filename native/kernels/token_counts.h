#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate_tokens.h"

namespace spikeport::kernels {

/** Visits the tokens of a block and counts how often each symbol occurs, the end of the block included. */
class TokenCounts {
 public:
  TokenCounts() { counts_[end_of_block] = 1; }

  void literal(std::byte value) { counts_[std::to_integer<std::size_t>(value)]++; }
  void literals(std::span<const std::byte> bytes);
  void match(std::uint64_t length) { counts_[match_lengths[length].symbol]++; }
  void longest_matches(std::uint64_t count) { counts_[longest_match_symbol] += static_cast<std::uint32_t>(count); }

  /** Adds the tokens of another block to this one. */
  void join(const TokenCounts& other);

  [[nodiscard]] const std::array<std::uint32_t, token_symbols>& by_symbol() const { return counts_; }

  /** About how many bits the block takes in codes of its own, with its header. */
  [[nodiscard]] std::uint64_t estimated_bits() const;

 private:
  std::array<std::uint32_t, token_symbols> counts_{};
};

}  // namespace spikeport::kernels
