#include "kernels/deflate/plane_piece.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "kernels/deflate/byte_runs.h"
#include "kernels/deflate/deflate_block.h"

namespace spikeport::kernels {
namespace {

/** Enough bytes to see that they are random. */
constexpr std::size_t sample_size = 8192;

/** A repeated sequence of at least four bytes is worth a match. */
using Word = std::uint32_t;
/** What a match takes, about. */
constexpr std::uint64_t bits_per_match = 18;

Word word_at(const std::byte* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

constexpr unsigned slot_bits = 11;
std::size_t slot_of(Word word) { return word * 0x9E3779B1U >> (32 - slot_bits); }

}  // namespace

PlanePiece::PlanePiece(std::span<const std::byte> bytes) : bytes_(bytes), bits_(stored_bits(bytes.size())) {
  const std::size_t runs = count_runs(bytes);
  if (runs * 8 > bytes.size()) consider_literals();
  // A run costs about as much as a literal and five bits more.
  if (runs * (bits_ + 5 * bytes.size()) < bits_ * bytes.size()) consider_runs();
}

void PlanePiece::consider_literals() {
  TokenCounts counts;
  const auto sample = bytes_.first(std::min(sample_size, bytes_.size()));
  counts.literals(sample);
  if (counts.estimated_bits() > stored_bits(sample.size())) return;
  counts.literals(bytes_.subspan(sample.size()));
  choose(Form::literals, counts);
}

void PlanePiece::consider_runs() {
  TokenCounts counts;
  counts.runs(bytes_);
  choose(Form::runs, counts);
}

void PlanePiece::choose(Form form, const TokenCounts& counts) {
  const std::uint64_t bits = counts.estimated_bits();
  if (bits >= bits_) return;
  form_ = form;
  counts_ = counts;
  bits_ = bits;
}

std::uint64_t bits_with_far_repeats(std::span<const std::byte> bytes, std::uint64_t coded_bits) {
  // By the hash of a word: one more than the index where it last occurred; 0 where it has not.
  std::array<std::uint16_t, std::size_t{1} << slot_bits> seen{};
  std::uint64_t matches = 0;
  std::size_t matched = 0;
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size();) {
    const Word word = word_at(&bytes[i]);
    std::uint16_t& last = seen[slot_of(word)];
    std::size_t from = last;
    last = static_cast<std::uint16_t>(i + 1);
    if (from == 0 || word_at(&bytes[from - 1]) != word) {
      i++;
      continue;
    }
    const std::size_t begin = i;
    for (from--; i < bytes.size() && bytes[from] == bytes[i]; from++) i++;
    matches++;
    matched += i - begin;
  }
  return matches * bits_per_match + coded_bits * (bytes.size() - matched) / bytes.size();
}

}  // namespace spikeport::kernels
