#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate_tokens.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace spikeport::kernels {

/** How many bytes are compared with the one before them at once. */
constexpr std::size_t compared_bytes = 64;

/** Of the next 64 bytes, those that differ from the byte before them; the first one is the lowest bit. */
inline std::uint64_t changes(const std::byte* at) {
  std::uint64_t mask = 0;
#ifdef __SSE2__
  for (std::size_t i = 0; i < compared_bytes; i += sizeof(__m128i)) {
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
    const __m128i before = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i - 1));
    const auto same = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(here, before)));
    mask |= std::uint64_t{same ^ 0xFFFFU} << i;
  }
#else
  for (std::size_t i = 0; i < compared_bytes; i++) mask |= std::uint64_t{at[i] != at[i - 1]} << i;
#endif
  return mask;
}

/** How many bytes differ from the one before them. */
inline std::size_t count_changes(std::span<const std::byte> bytes) {
  std::size_t count = 0;
  std::size_t i = 1;
  for (; i + compared_bytes <= bytes.size(); i += compared_bytes) {
    count += static_cast<std::size_t>(std::popcount(changes(&bytes[i])));
  }
  for (; i < bytes.size(); i++) count += bytes[i] != bytes[i - 1] ? 1U : 0U;
  return count;
}

/** Gives the visitor the first byte of each run of equal bytes, and then its repetitions. */
template <typename Visitor>
void visit_runs(std::span<const std::byte> bytes, Visitor& visitor) {
  std::size_t run = 0;
  const auto run_ends = [&](std::size_t end) {
    visitor.literal(bytes[run]);
    visit_repetitions(bytes[run], end - run - 1, visitor);
    run = end;
  };
  std::size_t i = 1;
  for (; i + compared_bytes <= bytes.size(); i += compared_bytes) {
    for (std::uint64_t mask = changes(&bytes[i]); mask != 0; mask &= mask - 1) {
      run_ends(i + static_cast<std::size_t>(std::countr_zero(mask)));
    }
  }
  for (; i < bytes.size(); i++) {
    if (bytes[i] != bytes[i - 1]) run_ends(i);
  }
  run_ends(bytes.size());
}

}  // namespace spikeport::kernels
