#include "kernels/deflate_sparse.h"

#include <algorithm>
#include <array>
#include <bit>

#include "kernels/bit_writer.h"
#include "kernels/huffman.h"

namespace spikeport::kernels {
namespace {

// Numbers of RFC 1951: literals and lengths share an alphabet.
constexpr std::size_t end_of_block = 256;
constexpr std::size_t longest_run_symbol = 285;
constexpr std::size_t symbol_count = 286;
constexpr std::uint64_t shortest_run = 3;
constexpr std::uint64_t longest_run = 258;
constexpr unsigned longest_code = 15;

/** The symbol of a run of zeros from 3 to 257 long, and the bits that follow it. */
struct RunLength {
  std::size_t symbol;
  unsigned extra_count;
  std::uint64_t extra;
};

RunLength run_length(std::uint64_t length) {
  const std::uint64_t beyond = length - shortest_run;
  if (beyond < 8) return {257 + static_cast<std::size_t>(beyond), 0, 0};
  // From here on, four symbols share each power of two.
  const auto extra_count = static_cast<unsigned>(std::bit_width(beyond)) - 3;
  const std::uint64_t quarter = beyond >> extra_count & 3U;
  return {261 + 4 * std::size_t{extra_count} + static_cast<std::size_t>(quarter), extra_count,
          beyond & ((std::uint64_t{1} << extra_count) - 1)};
}

/**
 * Calls the visitor with each token: `literal(byte)`, `longest_runs(how many)`, and `run(length)` from 3 to 257. Runs
 * repeat the zero before them.
 */
template <typename Visitor>
void for_each_token(std::span<const SparseByte> bytes, std::uint64_t size, Visitor& visitor) {
  const auto zeros = [&visitor](std::uint64_t count) {
    if (count == 0) return;
    visitor.literal(std::byte{0});
    count--;
    visitor.longest_runs(count / longest_run);
    count %= longest_run;
    if (count >= shortest_run) {
      visitor.run(count);
    } else {
      for (; count > 0; count--) visitor.literal(std::byte{0});
    }
  };
  std::uint64_t at = 0;
  for (const auto& [position, value] : bytes) {
    zeros(position - at);
    visitor.literal(value);
    at = position + 1;
  }
  zeros(size - at);
}

class Histogram {
 public:
  void literal(std::byte value) { frequencies_[std::to_integer<std::size_t>(value)]++; }
  void longest_runs(std::uint64_t count) { frequencies_[longest_run_symbol] += static_cast<std::uint32_t>(count); }
  void run(std::uint64_t length) { frequencies_[run_length(length).symbol]++; }

  [[nodiscard]] std::span<const std::uint32_t> frequencies() const { return frequencies_; }

 private:
  std::array<std::uint32_t, symbol_count> frequencies_ = [] {
    std::array<std::uint32_t, symbol_count> once{};
    once[end_of_block] = 1;
    return once;
  }();
};

/** Writes the tokens of a block, behind a header that tells its codes. The only distance is 1, whose code is one bit,
 * 0. */
class BlockWriter {
 public:
  BlockWriter(std::vector<HuffmanCode> codes, BitWriter& bits) : codes_(std::move(codes)), bits_(bits) {}

  void header();
  void literal(std::byte value) { put(std::to_integer<std::size_t>(value)); }
  void run(std::uint64_t length) {
    const auto [symbol, extra_count, extra] = run_length(length);
    put(symbol);
    bits_.put(extra, extra_count + 1);
  }
  void longest_runs(std::uint64_t count) {
    for (; count > 0; count--) bits_.put(codes_[longest_run_symbol].bits, codes_[longest_run_symbol].length + 1U);
  }
  void end() { put(end_of_block); }

 private:
  void put(std::size_t symbol) { bits_.put(codes_[symbol].bits, codes_[symbol].length); }

  std::vector<HuffmanCode> codes_;
  BitWriter& bits_;
};

/** A symbol of the alphabet that code lengths are written in: 0 to 15, or a run of zeros with bits that follow. */
struct LengthSymbol {
  std::uint8_t symbol;
  std::uint8_t extra_count;
  std::uint8_t extra;
};

/** Code lengths with their runs of zeros folded: 17 stands for 3 to 10 of them, 18 for 11 to 138. */
std::vector<LengthSymbol> folded(std::span<const std::uint8_t> lengths) {
  std::vector<LengthSymbol> symbols;
  for (std::size_t i = 0; i < lengths.size();) {
    std::size_t zeros = 0;
    while (i + zeros < lengths.size() && zeros < 138 && lengths[i + zeros] == 0) zeros++;
    if (zeros >= 11) {
      symbols.push_back({18, 7, static_cast<std::uint8_t>(zeros - 11)});
    } else if (zeros >= 3) {
      symbols.push_back({17, 3, static_cast<std::uint8_t>(zeros - 3)});
    } else {
      zeros = 1;
      symbols.push_back({lengths[i], 0, 0});
    }
    i += zeros;
  }
  return symbols;
}

void BlockWriter::header() {
  constexpr unsigned longest_length_code = 7;
  constexpr std::array<std::size_t, 19> order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

  std::vector<std::uint8_t> lengths;
  for (const HuffmanCode& code : codes_) lengths.push_back(code.length);
  constexpr std::uint8_t distance_code_length = 1;
  lengths.push_back(distance_code_length);
  const std::vector<LengthSymbol> symbols = folded(lengths);
  std::array<std::uint32_t, order.size()> frequencies{};
  for (const LengthSymbol& symbol : symbols) frequencies[symbol.symbol]++;
  const std::vector<HuffmanCode> length_codes = huffman_codes(frequencies, longest_length_code);

  bits_.put(1, 1);                   // the last block
  bits_.put(2, 2);                   // with codes of its own
  bits_.put(symbol_count - 257, 5);  // literals and lengths
  bits_.put(0, 5);                   // one distance
  bits_.put(order.size() - 4, 4);    // all code lengths
  for (const std::size_t symbol : order) bits_.put(length_codes[symbol].length, 3);
  for (const auto& [symbol, extra_count, extra] : symbols) {
    bits_.put(length_codes[symbol].bits, length_codes[symbol].length);
    bits_.put(extra, extra_count);
  }
}

/** Adler-32, in which a run of zeros only moves the second sum. */
std::uint32_t adler32(std::span<const SparseByte> bytes, std::uint64_t size) {
  constexpr std::uint64_t modulus = 65521;
  std::uint64_t first = 1;
  std::uint64_t second = 0;
  std::uint64_t at = 0;
  for (const auto& [position, value] : bytes) {
    // The sums over the zeros before this byte, and the byte itself.
    second += (position - at) % modulus * first;
    first = (first + std::to_integer<std::uint64_t>(value)) % modulus;
    second = (second + first) % modulus;
    at = position + 1;
  }
  second = (second + (size - at) % modulus * first) % modulus;
  return static_cast<std::uint32_t>(second << 16U | first);
}

}  // namespace

void deflate_sparse(std::span<const SparseByte> bytes, std::uint64_t size, std::vector<std::byte>& out) {
  out.push_back(std::byte{0x78});
  out.push_back(std::byte{0x01});

  Histogram histogram;
  for_each_token(bytes, size, histogram);
  BitWriter bits(out);
  BlockWriter block(huffman_codes(histogram.frequencies(), longest_code), bits);
  block.header();
  for_each_token(bytes, size, block);
  block.end();
  bits.align();

  const std::uint32_t checksum = adler32(bytes, size);
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out.push_back(static_cast<std::byte>(checksum >> shift));
}

}  // namespace spikeport::kernels
