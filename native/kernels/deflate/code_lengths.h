#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate/bit_writer.h"
#include "kernels/deflate/deflate_tokens.h"
#include "kernels/deflate/huffman.h"

namespace spikeport::kernels {

/** The codes of a block as its header tells them: by their lengths, whose runs are folded, in codes of their own. */
class CodeLengths {
 public:
  explicit CodeLengths(std::span<const HuffmanCode, token_symbols> codes);

  /** How many bits are written. */
  [[nodiscard]] std::uint64_t bits() const;
  void write(BitWriter& out) const;

 private:
  /** A length, or a run of lengths: a symbol, and bits behind its code. */
  struct Entry {
    std::uint8_t symbol;
    std::uint8_t extra_count;
    std::uint8_t extra;
  };
  static constexpr std::size_t entry_symbols = 19;

  void fold(std::span<const std::uint8_t> lengths);
  void add(std::uint8_t symbol, unsigned extra_count = 0, std::size_t extra = 0);
  [[nodiscard]] std::span<const Entry> entries() const { return std::span(entries_).first(entry_count_); }

  /** Trailing symbols without a code are not told. */
  std::size_t told_symbols_ = token_symbols;
  std::array<Entry, token_symbols + 1> entries_;
  std::size_t entry_count_ = 0;
  std::array<HuffmanCode, entry_symbols> entry_codes_;
  std::size_t told_entry_codes_ = entry_symbols;
};

}  // namespace spikeport::kernels
