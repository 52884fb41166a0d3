// Huffman codes of limited length.
#pragma once

#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** The code of a symbol: its bits in the order they are written, the first one lowest. Without a code, length 0. */
struct HuffmanCode {
  std::uint16_t bits = 0;
  std::uint8_t length = 0;
};

/** The largest alphabet that codes are made for. */
constexpr std::size_t most_huffman_symbols = 288;

/**
 * The canonical code, in the order of DEFLATE, that is best for these frequencies and has no code longer than
 * `longest`. A symbol that never occurs has none; at least two must occur, and no more than fit.
 */
void huffman_codes(std::span<const std::uint32_t> frequencies, unsigned longest, std::span<HuffmanCode> codes);

}  // namespace spikeport::kernels
