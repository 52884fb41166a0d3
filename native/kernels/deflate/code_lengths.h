// The header of a block with codes of its own (RFC 1951, 3.2.7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate/bit_writer.h"
#include "kernels/deflate/huffman.h"
#include "kernels/deflate/tokens.h"

namespace spikeport::kernels {

/** The codes of a block as its header has them: their lengths, run-length coded, in Huffman codes of their own. */
class CodeLengths {
 public:
  explicit CodeLengths(std::span<const HuffmanCode, token_symbols> codes);

  /** How many bits `write` writes. */
  [[nodiscard]] std::uint64_t bits() const;
  void write(BitWriter& out) const;

 private:
  /** A length, or a run of lengths: a symbol, and the extra bits after its code. */
  struct Entry {
    std::uint8_t symbol;
    std::uint8_t extra_count;
    std::uint8_t extra;
  };
  static constexpr std::size_t entry_symbols = 19;

  void fold(std::span<const std::uint8_t> lengths);
  void add(std::uint8_t symbol, unsigned extra_count = 0, std::size_t extra = 0);
  [[nodiscard]] std::span<const Entry> entries() const { return std::span(entries_).first(entry_count_); }

  /** Without those at the end that have no code. */
  std::size_t symbol_count_ = token_symbols;
  std::array<Entry, token_symbols + 1> entries_;
  std::size_t entry_count_ = 0;
  std::array<HuffmanCode, entry_symbols> entry_codes_;
  std::size_t entry_code_count_ = entry_symbols;
};

}  // namespace spikeport::kernels
