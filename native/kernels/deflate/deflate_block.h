#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate/bit_writer.h"
#include "kernels/deflate/code_lengths.h"
#include "kernels/deflate/huffman.h"
#include "kernels/deflate/token_counts.h"

namespace spikeport::kernels {

/** A block of DEFLATE in the codes that are best for its tokens. */
class TokenBlock {
 public:
  explicit TokenBlock(const TokenCounts& counts);

  /** The length of the whole block. */
  [[nodiscard]] std::uint64_t bits() const { return bits_; }

  void write_header(BitWriter& out, bool last) const;
  /** The code of a symbol; that of `no_match` is empty. */
  [[nodiscard]] const HuffmanCode& code(std::size_t symbol) const { return codes_[symbol]; }

 private:
  using Codes = std::array<HuffmanCode, token_symbols + 1>;

  Codes codes_;
  CodeLengths lengths_;
  std::uint64_t bits_;
};

/** Visits the tokens of a block, between its header and its end, and writes them. */
class TokenWriter {
 public:
  TokenWriter(const TokenBlock& block, BitWriter out) : block_(&block), out_(out) {}

  void literal(std::byte value) { put(code_of(value)); }
  void literals(std::span<const std::byte> bytes);
  void run(std::byte value, std::uint64_t length) {
    std::uint64_t times = length - 1;
    unsigned literals = 1;
    if (times >= longest_match) {
      literal(value);
      literals = 0;
      put_longest_matches(times / longest_match);
      times %= longest_match;
    }
    // Without a look at whether there is a match, which nobody can foretell.
    const Repetition& repetition = repetitions[times];
    put_repeated(code_of(value), literals + repetition.literals);
    const HuffmanCode& match = block_->code(repetition.symbol);
    out_.put(match.bits | std::uint64_t{repetition.tail} << match.length, match.length + repetition.tail_bits);
  }
  void runs(std::span<const std::byte> bytes);

  /** Ends the block, and hands back what it is written to. */
  [[nodiscard]] BitWriter end() {
    put(block_->code(end_of_block));
    return out_;
  }

 private:
  [[nodiscard]] const HuffmanCode& code_of(std::byte value) const {
    return block_->code(std::to_integer<std::size_t>(value));
  }
  void put(const HuffmanCode& code) { out_.put(code.bits, code.length); }
  /** Up to three times. */
  void put_repeated(const HuffmanCode& code, unsigned times) {
    const std::uint64_t first = times > 0 ? 1 : 0;
    const std::uint64_t second = times > 1 ? 1 : 0;
    const std::uint64_t third = times > 2 ? 1 : 0;
    out_.put(code.bits * (first | second << code.length | third << 2U * code.length), times * code.length);
  }
  void put_longest_matches(std::uint64_t count) {
    const HuffmanCode& code = block_->code(longest_match_symbol);
    const unsigned bits = code.length + distance_bits;
    for (; count > 0; count--) out_.put(code.bits, bits);
  }

  const TokenBlock* block_;
  BitWriter out_;
};

/** Writes bytes as they are. */
void put_stored(BitWriter& out, std::span<const std::byte> bytes, bool last);

/** How many bits `put_stored` takes, but for up to two that fill a byte. */
[[nodiscard]] std::uint64_t stored_bits(std::size_t size);

}  // namespace spikeport::kernels
