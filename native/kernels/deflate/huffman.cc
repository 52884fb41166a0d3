#include "kernels/deflate/huffman.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace spikeport::kernels {
namespace {

/** Deeper than any tree of 32-bit frequencies. */
constexpr std::size_t depths = 64;
using CountByLength = std::array<std::uint32_t, depths>;

/** A frequency in the high bits and a symbol in the low ones, so that leaves sort by frequency. */
using Leaf = std::uint64_t;
constexpr unsigned symbol_bits = 16;

constexpr Leaf leaf_of(std::uint32_t frequency, std::size_t symbol) {
  return std::uint64_t{frequency} << symbol_bits | symbol;
}
constexpr std::size_t symbol_of(Leaf leaf) { return leaf & ((1U << symbol_bits) - 1); }
constexpr std::uint64_t frequency_of(Leaf leaf) { return leaf >> symbol_bits; }

/** How many codes of each length Huffman's tree has for these leaves, ascending. */
CountByLength tree_depths(std::span<const Leaf> leaves) {
  struct Node {
    std::uint64_t weight;
    std::uint32_t parent;
  };
  std::array<Node, 2 * most_huffman_symbols> nodes;
  const auto leaf_count = static_cast<std::uint32_t>(leaves.size());
  for (std::uint32_t i = 0; i < leaf_count; i++) nodes[i].weight = frequency_of(leaves[i]);
  // Joined nodes are made in ascending order, too: the lightest node is always at the front of one of two queues.
  std::uint32_t leaf = 0;
  std::uint32_t joined = leaf_count;
  std::uint32_t end = leaf_count;
  const auto take_lightest = [&] {
    const bool from_leaves = leaf < leaf_count && (joined == end || nodes[leaf].weight <= nodes[joined].weight);
    return from_leaves ? leaf++ : joined++;
  };
  for (; end < 2 * leaf_count - 1; end++) {
    const std::uint32_t first = take_lightest();
    const std::uint32_t second = take_lightest();
    nodes[first].parent = nodes[second].parent = end;
    nodes[end].weight = nodes[first].weight + nodes[second].weight;
  }

  CountByLength counts{};
  std::array<std::uint8_t, 2 * most_huffman_symbols> depth;
  depth[end - 1] = 0;
  for (std::uint32_t node = end - 1; node-- > 0;) {
    depth[node] = static_cast<std::uint8_t>(depth[nodes[node].parent] + 1);
    if (node < leaf_count) counts[depth[node]]++;
  }
  return counts;
}

/** Shortens the codes that are too long, and lengthens others until all fit again. */
void limit(CountByLength& counts, unsigned longest) {
  for (std::size_t length = longest + 1; length < depths; length++) {
    counts[longest] += counts[length];
    counts[length] = 0;
  }
  std::uint64_t used = 0;
  for (unsigned length = 1; length <= longest; length++) used += std::uint64_t{counts[length]} << (longest - length);
  for (; used > std::uint64_t{1} << longest; used--) {
    // A code of the longest length becomes the sibling of a shorter one, which grows by a bit.
    unsigned length = longest - 1;
    while (counts[length] == 0) length--;
    counts[length]--;
    counts[length + 1] += 2;
    counts[longest]--;
  }
}

std::uint16_t reversed(std::uint32_t code, unsigned length) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < length; i++) bits |= (code >> i & 1U) << (length - 1 - i);
  return static_cast<std::uint16_t>(bits);
}

}  // namespace

void huffman_codes(std::span<const std::uint32_t> frequencies, unsigned longest, std::span<HuffmanCode> codes) {
  std::array<Leaf, most_huffman_symbols> all;
  std::size_t leaf_count = 0;
  for (std::size_t symbol = 0; symbol < frequencies.size(); symbol++) {
    if (frequencies[symbol] > 0) all[leaf_count++] = leaf_of(frequencies[symbol], symbol);
  }
  const std::span leaves = std::span(all).first(leaf_count);
  std::ranges::sort(leaves);
  CountByLength counts = tree_depths(leaves);
  limit(counts, longest);

  std::ranges::fill(codes, HuffmanCode{});
  // The rarest symbols have the longest codes.
  std::size_t next = 0;
  for (unsigned length = longest; length > 0; length--) {
    for (std::uint32_t i = 0; i < counts[length]; i++) {
      codes[symbol_of(leaves[next++])].length = static_cast<std::uint8_t>(length);
    }
  }
  std::array<std::uint32_t, depths> next_code{};
  for (unsigned length = 1; length <= longest; length++) {
    next_code[length] = (next_code[length - 1] + (length > 1 ? counts[length - 1] : 0)) << 1U;
  }
  for (HuffmanCode& code : codes) {
    if (code.length > 0) code.bits = reversed(next_code[code.length]++, code.length);
  }
}

}  // namespace spikeport::kernels
