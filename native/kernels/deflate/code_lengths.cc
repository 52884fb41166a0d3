#include "kernels/deflate/code_lengths.h"

#include <algorithm>

namespace spikeport::kernels {
namespace {

constexpr unsigned longest_entry_code = 7;
/** The order in which the lengths of the entries' codes are written. */
constexpr std::array<std::size_t, 19> order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

constexpr std::uint8_t repeat_last = 16;
constexpr std::uint8_t few_zeros = 17;
constexpr std::uint8_t many_zeros = 18;

/** Three counts: of symbols, distances and entries' codes. */
constexpr unsigned count_bits = 5 + 5 + 4;

}  // namespace

CodeLengths::CodeLengths(std::span<const HuffmanCode, token_symbols> codes) {
  while (codes[symbol_count_ - 1].length == 0) symbol_count_--;
  std::array<std::uint8_t, token_symbols + 1> lengths;
  std::ranges::transform(codes.first(symbol_count_), lengths.begin(), &HuffmanCode::length);
  // The only distance, 1, has a code of one bit.
  lengths[symbol_count_] = 1;
  fold(std::span(lengths).first(symbol_count_ + 1));

  std::array<std::uint32_t, entry_symbols> counts{};
  for (const Entry& entry : entries()) counts[entry.symbol]++;
  huffman_codes(counts, longest_entry_code, entry_codes_);
  while (entry_codes_[order[entry_code_count_ - 1]].length == 0) entry_code_count_--;
}

void CodeLengths::fold(std::span<const std::uint8_t> lengths) {
  for (std::size_t i = 0; i < lengths.size();) {
    const std::uint8_t length = lengths[i];
    std::size_t run = 1;
    while (i + run < lengths.size() && lengths[i + run] == length) run++;
    i += run;
    if (length > 0) {
      add(length);
      run--;
    }
    while (run >= 3) {
      const std::size_t most = length > 0 ? 6 : 138;
      const std::size_t part = std::min(run, most);
      if (length > 0) {
        add(repeat_last, 2, part - 3);
      } else if (part < 11) {
        add(few_zeros, 3, part - 3);
      } else {
        add(many_zeros, 7, part - 11);
      }
      run -= part;
    }
    for (; run > 0; run--) add(length);
  }
}

void CodeLengths::add(std::uint8_t symbol, unsigned extra_count, std::size_t extra) {
  entries_[entry_count_++] = {symbol, static_cast<std::uint8_t>(extra_count), static_cast<std::uint8_t>(extra)};
}

std::uint64_t CodeLengths::bits() const {
  std::uint64_t bits = count_bits + 3 * entry_code_count_;
  for (const Entry& entry : entries()) bits += entry_codes_[entry.symbol].length + entry.extra_count;
  return bits;
}

void CodeLengths::write(BitWriter& out) const {
  out.put(symbol_count_ - 257, 5);
  out.put(0, 5);  // one distance
  out.put(entry_code_count_ - 4, 4);
  for (const std::size_t symbol : std::span(order).first(entry_code_count_)) out.put(entry_codes_[symbol].length, 3);
  for (const auto& [symbol, extra_count, extra] : entries()) {
    out.put(entry_codes_[symbol].bits, entry_codes_[symbol].length);
    out.put(extra, extra_count);
  }
}

}  // namespace spikeport::kernels
