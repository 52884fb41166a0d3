#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/bit_writer.h"
#include "kernels/code_lengths.h"
#include "kernels/huffman.h"
#include "kernels/token_counts.h"

namespace spikeport::kernels {

/** A block of DEFLATE in the codes that are best for its tokens. */
class TokenBlock {
 public:
  explicit TokenBlock(const TokenCounts& counts);

  /** The length of the whole block. */
  [[nodiscard]] std::uint64_t bits() const { return bits_; }

  void write_header(BitWriter& out, bool last) const;
  [[nodiscard]] const HuffmanCode& code(std::size_t symbol) const { return codes_[symbol]; }

 private:
  std::array<HuffmanCode, token_symbols> codes_;
  CodeLengths lengths_;
  std::uint64_t bits_;
};

/** Visits the tokens of a block, between its header and its end, and writes them. */
class TokenWriter {
 public:
  TokenWriter(const TokenBlock& block, BitWriter out) : block_(block), out_(out) {}

  void literal(std::byte value) { put(block_.code(std::to_integer<std::size_t>(value))); }
  void literals(std::span<const std::byte> bytes);
  void match(std::uint64_t length) {
    const auto [symbol, extra_count, extra] = match_lengths[length];
    const HuffmanCode& code = block_.code(symbol);
    out_.put(code.bits | std::uint64_t{extra} << code.length, code.length + extra_count + distance_bits);
  }
  void longest_matches(std::uint64_t count);

  /** Ends the block, and hands back what it is written to. */
  [[nodiscard]] BitWriter end() {
    put(block_.code(end_of_block));
    return out_;
  }

 private:
  /** The code of the only distance is 0. */
  static constexpr unsigned distance_bits = 1;

  void put(const HuffmanCode& code) { out_.put(code.bits, code.length); }

  const TokenBlock& block_;
  // A copy, which the compiler keeps in registers: it knows that nothing written is a part of it.
  BitWriter out_;
};

/** Writes bytes as they are. */
void put_stored(BitWriter& out, std::span<const std::byte> bytes, bool last);

/** How many bits `put_stored` takes at most. */
[[nodiscard]] std::uint64_t stored_bits(std::size_t size);

}  // namespace spikeport::kernels
