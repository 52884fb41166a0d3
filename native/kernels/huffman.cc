#include "kernels/huffman.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace spikeport::kernels {
namespace {

/** Deeper than any tree of 32-bit frequencies. */
constexpr std::size_t depths = 64;
using CountByLength = std::array<std::uint32_t, depths>;

struct Node {
  std::uint64_t weight;
  std::size_t parent;
};

/** How many codes of each length Huffman's tree has for these weights, ascending. */
CountByLength tree_depths(const std::vector<std::uint32_t>& weights) {
  const std::size_t leaves = weights.size();
  std::vector<Node> nodes;
  nodes.reserve(2 * leaves);
  for (const std::uint32_t weight : weights) nodes.push_back({weight, 0});
  // Joined nodes come in ascending order, too: the two lightest are always at the front of one of two queues.
  std::size_t leaf = 0;
  std::size_t joined = leaves;
  const auto take_lightest = [&] {
    const bool from_leaves = leaf < leaves && (joined == nodes.size() || nodes[leaf].weight <= nodes[joined].weight);
    return from_leaves ? leaf++ : joined++;
  };
  while (nodes.size() < 2 * leaves - 1) {
    const std::size_t first = take_lightest();
    const std::size_t second = take_lightest();
    nodes[first].parent = nodes[second].parent = nodes.size();
    nodes.push_back({nodes[first].weight + nodes[second].weight, 0});
  }

  CountByLength counts{};
  std::vector<std::size_t> depth(nodes.size(), 0);
  for (std::size_t node = nodes.size() - 1; node-- > 0;) {
    depth[node] = depth[nodes[node].parent] + 1;
    if (node < leaves) counts[depth[node]]++;
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
    // One code of the longest kind moves beside a shorter one, which grows by a bit.
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

std::vector<HuffmanCode> huffman_codes(std::span<const std::uint32_t> frequencies, unsigned longest) {
  std::vector<std::size_t> symbols;
  for (std::size_t symbol = 0; symbol < frequencies.size(); symbol++) {
    if (frequencies[symbol] > 0) symbols.push_back(symbol);
  }
  std::ranges::stable_sort(symbols, {}, [&](std::size_t symbol) { return frequencies[symbol]; });
  std::vector<std::uint32_t> weights(symbols.size());
  std::ranges::transform(symbols, weights.begin(), [&](std::size_t symbol) { return frequencies[symbol]; });
  CountByLength counts = tree_depths(weights);
  limit(counts, longest);

  // The rarest symbols have the longest codes.
  std::vector<HuffmanCode> codes(frequencies.size());
  std::size_t next = 0;
  for (unsigned length = longest; length > 0; length--) {
    for (std::uint32_t i = 0; i < counts[length]; i++)
      codes[symbols[next++]].length = static_cast<std::uint8_t>(length);
  }
  std::array<std::uint32_t, depths> next_code{};
  for (unsigned length = 1; length <= longest; length++) {
    next_code[length] = (next_code[length - 1] + (length > 1 ? counts[length - 1] : 0)) << 1U;
  }
  for (HuffmanCode& code : codes) {
    if (code.length > 0) code.bits = reversed(next_code[code.length]++, code.length);
  }
  return codes;
}

}  // namespace spikeport::kernels
