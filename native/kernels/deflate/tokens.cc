#include "kernels/deflate/tokens.h"

#include <algorithm>
#include <bit>

#include "kernels/deflate/byte_runs.h"

namespace spikeport::kernels {
namespace {

/** log2 of a positive number, to 0.001: a cubic between powers of two. */
float rough_log2(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23U) - 127);
  const auto mantissa = std::bit_cast<float>((bits & 0x7FFFFFU) | 0x3F800000U);
  return exponent + ((0.15824871F * mantissa - 1.05187502F) * mantissa + 3.0478842F) * mantissa - 2.1536207F;
}

/** The size of a header: more for each symbol that has a code. */
constexpr float header_bits = 60;
constexpr float header_bits_per_symbol = 3.5;

}  // namespace

void TokenCounts::literals(std::span<const std::byte> bytes) {
  // Neighbours are counted in different tables: equal ones would wait for each other's increment.
  constexpr std::size_t tables = 4;
  std::array<std::array<std::uint32_t, end_of_block>, tables> counts{};
  std::size_t i = 0;
  for (; i + tables <= bytes.size(); i += tables) {
    for (std::size_t k = 0; k < tables; k++) counts[k][std::to_integer<std::size_t>(bytes[i + k])]++;
  }
  for (; i < bytes.size(); i++) literal(bytes[i]);
  for (const auto& table : counts) {
    for (std::size_t value = 0; value < table.size(); value++) counts_[value] += table[value];
  }
}

void TokenCounts::runs(std::span<const std::byte> bytes) {
  for_each_run(bytes, [this](std::byte value, std::uint64_t length) { run(value, length); });
}

void TokenCounts::join(const TokenCounts& other) {
  for (std::size_t symbol = 0; symbol < token_symbols; symbol++) counts_[symbol] += other.counts_[symbol];
  counts_[end_of_block] = 1;
}

std::uint64_t TokenCounts::estimated_bits() const {
  float tokens = 0;
  float logs = 0;
  float most = 0;
  float extra = 0;
  float symbols = 0;
  for (std::size_t symbol = 0; symbol < token_symbols; symbol++) {
    if (counts_[symbol] == 0) continue;
    const auto count = static_cast<float>(counts_[symbol]);
    tokens += count;
    logs += count * rough_log2(count);
    most = std::max(most, count);
    if (symbol > end_of_block) extra += count * static_cast<float>(extra_bits(symbol) + distance_bits);
    symbols++;
  }
  const float entropy = tokens * rough_log2(tokens) - logs;
  // A code has a whole number of bits, and only one symbol can have a code of one bit.
  const float codes = std::max(entropy, 2 * tokens - most);
  return static_cast<std::uint64_t>(codes + extra + header_bits + header_bits_per_symbol * symbols);
}

}  // namespace spikeport::kernels
