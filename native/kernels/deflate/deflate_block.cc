#include "kernels/deflate/deflate_block.h"

#include <algorithm>

#include "kernels/deflate/byte_runs.h"

namespace spikeport::kernels {
namespace {

/** One less than DEFLATE allows, so that four codes fit into one `put`. */
constexpr unsigned longest_code = 14;
static_assert(4 * longest_code <= BitWriter::most_bits);

enum class BlockType : std::uint8_t { stored = 0, own_codes = 2 };

constexpr unsigned type_bits = 3;

void put_block_type(BitWriter& out, BlockType type, bool last) {
  out.put(last ? 1 : 0, 1);
  out.put(static_cast<std::uint64_t>(type), 2);
}

constexpr std::size_t most_stored = 65535;
constexpr std::size_t stored_header_size = 5;

}  // namespace

TokenBlock::TokenBlock(const TokenCounts& counts)
    : codes_([&] {
        Codes codes;
        huffman_codes(counts.by_symbol(), longest_code, std::span(codes).first<token_symbols>());
        return codes;
      }()),
      lengths_(std::span(codes_).first<token_symbols>()),
      bits_(type_bits + lengths_.bits()) {
  for (std::size_t symbol = 0; symbol < token_symbols; symbol++) {
    const unsigned extra = symbol > end_of_block ? extra_bits(symbol) + distance_bits : 0;
    bits_ += std::uint64_t{counts.by_symbol()[symbol]} * (codes_[symbol].length + extra);
  }
}

void TokenBlock::write_header(BitWriter& out, bool last) const {
  put_block_type(out, BlockType::own_codes, last);
  lengths_.write(out);
}

// Loops write through a copy, which stays in registers: no written byte can be a part of it.

void TokenWriter::literals(std::span<const std::byte> bytes) {
  TokenWriter copy = *this;
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    const HuffmanCode a = copy.code_of(bytes[i]);
    const HuffmanCode b = copy.code_of(bytes[i + 1]);
    const HuffmanCode c = copy.code_of(bytes[i + 2]);
    const HuffmanCode d = copy.code_of(bytes[i + 3]);
    const unsigned ab = a.length + b.length;
    const unsigned cd = c.length + d.length;
    const std::uint64_t first = a.bits | std::uint64_t{b.bits} << a.length;
    const std::uint64_t second = c.bits | std::uint64_t{d.bits} << c.length;
    copy.out_.put(first | second << ab, ab + cd);
  }
  for (; i < bytes.size(); i++) copy.literal(bytes[i]);
  *this = copy;
}

void TokenWriter::runs(std::span<const std::byte> bytes) {
  TokenWriter copy = *this;
  for_each_run(bytes, [&copy](std::byte value, std::uint64_t length) { copy.run(value, length); });
  *this = copy;
}

void put_stored(BitWriter& out, std::span<const std::byte> bytes, bool last) {
  do {
    const auto part = bytes.first(std::min(bytes.size(), most_stored));
    bytes = bytes.subspan(part.size());
    put_block_type(out, BlockType::stored, last && bytes.empty());
    out.align();
    out.put(part.size() | (~part.size() & 0xFFFFU) << 16U, 32);
    out.put_bytes(part);
  } while (!bytes.empty());
}

std::uint64_t stored_bits(std::size_t size) {
  return 8 * (size + stored_header_size * std::max<std::size_t>(1, (size + most_stored - 1) / most_stored));
}

}  // namespace spikeport::kernels
