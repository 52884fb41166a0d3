// Blocks of DEFLATE (RFC 1951, 3.2.3), and the zlib stream around them (RFC 1950).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate/bit_writer.h"
#include "kernels/deflate/code_lengths.h"
#include "kernels/deflate/huffman.h"
#include "kernels/deflate/tokens.h"

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

/** Writes the tokens of a block, between its header and its end. */
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
    // No branch depends on whether there is a match: it would be mispredicted.
    const Repetition& repetition = repetitions[times];
    put_repeated(code_of(value), literals + repetition.literals);
    const HuffmanCode& match = block_->code(repetition.symbol);
    out_.put(match.bits | std::uint64_t{repetition.tail} << match.length, match.length + repetition.tail_bits);
  }
  void runs(std::span<const std::byte> bytes);

  /** Ends the block. Returns where the next one goes. */
  [[nodiscard]] BitWriter end() {
    put(block_->code(end_of_block));
    return out_;
  }

 private:
  [[nodiscard]] const HuffmanCode& code_of(std::byte value) const {
    return block_->code(std::to_integer<std::size_t>(value));
  }
  void put(const HuffmanCode& code) { out_.put(code.bits, code.length); }
  /** Writes a code up to three times. */
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

/** Writes bytes as stored blocks, of up to 65,535 each. */
void put_stored(BitWriter& out, std::span<const std::byte> bytes, bool last);

/** How many bits `put_stored` writes at the start of a byte; elsewhere it is up to two more. */
[[nodiscard]] std::uint64_t stored_bits(std::size_t size);

/** The bytes of header and checksum around the blocks of a zlib stream. */
constexpr std::size_t zlib_frame_size = 6;

/** Writes a zlib header: a window of 32 KiB, no dictionary, the fastest level. */
inline void put_zlib_header(BitWriter& bits) { bits.put(0x0178, 16); }

/** Ends a zlib stream with the Adler-32 of all its bytes, the highest byte first. */
inline void put_zlib_trailer(BitWriter& bits, std::uint32_t checksum) {
  bits.align();
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bits.put(checksum >> shift & 0xFFU, 8);
}

}  // namespace spikeport::kernels
