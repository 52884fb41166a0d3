// The loops that rearrange bytes and numbers, against plain ones; and Huffman's codes, which must be complete.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "input.h"
#include "kernels/deflate/huffman.h"
#include "kernels/shuffle.h"
#include "kernels/sort.h"
#include "kernels/spike_keys.h"
#include "kernels/transpose.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

using Bytes = std::vector<std::byte>;

void check_shuffle(Input& input) {
  const std::size_t width = 1 + input.below(9);
  const Bytes bytes(input.rest().begin(), input.rest().end());
  const std::size_t count = bytes.size() / width;
  Bytes expected = bytes;
  for (std::size_t i = 0; i < count * width; i++) expected[i % width * count + i / width] = bytes[i];
  Bytes out(bytes.size());
  kernels::shuffle(bytes, width, out.data());
  require(out == expected, "shuffle");
}

void check_transpose(Input& input) {
  const std::size_t size = std::size_t{1} << input.below(4);
  const std::size_t in_columns = 1 + input.below(300);
  const Bytes table(input.rest().begin(), input.rest().end());
  const std::size_t rows = table.size() / (in_columns * size);
  if (rows == 0) return;
  const std::size_t columns = 1 + input.below(in_columns);
  Bytes out(rows * columns * size);
  kernels::transpose(table.data(), in_columns, {.rows = rows, .columns = columns}, size, out.data());
  for (std::size_t i = 0; i < rows * columns; i++) {
    const std::size_t from = (i % rows * in_columns + i / rows) * size;
    require(std::memcmp(&out[i * size], &table[from], size) == 0, "transpose");
  }
}

void check_sort(Input& input) {
  std::vector<double> times;
  while (!input.is_empty()) {
    const auto time = input.flag() ? input.any<double>() : static_cast<double>(input.any<std::int16_t>());
    if (std::isfinite(time)) times.push_back(time);
  }
  std::vector<double> expected = times;
  std::ranges::sort(expected);
  std::vector<double> scratch;
  kernels::sort_times(times, scratch);
  require(times == expected, "sort_times");
}

void check_keys(Input& input) {
  const auto width = static_cast<std::uint32_t>(1 + input.below(65536));
  std::vector<kernels::SpikeKey> keys;
  while (!input.is_empty()) {
    const std::uint32_t sample = input.any<std::uint16_t>() % width;
    keys.push_back(kernels::spike_key(sample, static_cast<std::uint32_t>(keys.size())));
  }
  std::vector<kernels::SpikeKey> expected = keys;
  std::ranges::stable_sort(expected, {}, kernels::sample_of);
  std::vector<kernels::SpikeKey> scratch(keys.size());
  require(std::ranges::equal(kernels::sort_by_sample(keys, scratch, width), expected), "sort_by_sample");
}

void check_huffman(Input& input) {
  const unsigned longest = input.flag() ? 15 : 9;
  std::vector<std::uint32_t> frequencies{1};
  while (!input.is_empty() && frequencies.size() < kernels::most_huffman_symbols - 1) {
    frequencies.push_back(input.any<std::uint32_t>() >> input.below(33) % 32);
  }
  frequencies.push_back(1);
  std::vector<kernels::HuffmanCode> codes(frequencies.size());
  kernels::huffman_codes(frequencies, longest, codes);
  std::uint64_t kraft = 0;
  for (std::size_t i = 0; i < codes.size(); i++) {
    require((codes[i].length > 0) == (frequencies[i] > 0) && codes[i].length <= longest, "the length of a code");
    if (codes[i].length > 0) kraft += std::uint64_t{1} << (longest - codes[i].length);
  }
  require(kraft == std::uint64_t{1} << longest, "a code is not complete");
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport::fuzz;
  Input input(data, size);
  constexpr std::array checks{check_shuffle, check_transpose, check_sort, check_keys, check_huffman};
  checks.at(input.below(checks.size()))(input);
  return 0;
}
