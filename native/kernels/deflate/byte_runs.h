// Finds runs of equal bytes. For sources of kernels/ alone, as simd.h is.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/simd.h"

namespace spikeport::kernels {

/** How many bytes are compared with the one before them at once. */
constexpr std::size_t compared_bytes = 64;

/**
 * Of the 64 bytes from `begin` on, at least 1, those where a run of equal bytes has ended just before; the first one is
 * the lowest bit. A run ends after the last byte, too.
 */
inline std::uint64_t run_ends(std::span<const std::byte> bytes, std::size_t begin) {
  std::uint64_t ends = 0;
  const std::size_t rest = bytes.size() - begin;
  if (rest < compared_bytes) {
    for (std::size_t i = 0; i < rest; i++) {
      ends |= std::uint64_t{bytes[begin + i] != bytes[begin + i - 1]} << i;
    }
    return ends | std::uint64_t{1} << rest;
  }
  const std::byte* at = &bytes[begin];
#ifdef SPIKEPORT_VECTORS
  for (std::size_t i = 0; i < compared_bytes; i += vector_size) {
    ends |= std::uint64_t{equal_bytes(load(at + i), load(at + i - 1)) ^ 0xFFFFU} << i;
  }
#else
  for (std::size_t i = 0; i < compared_bytes; i++) ends |= std::uint64_t{at[i] != at[i - 1]} << i;
#endif
  return ends;
}

/** How many runs of equal bytes there are. */
inline std::size_t count_runs(std::span<const std::byte> bytes) {
  std::size_t count = 0;
  for (std::size_t i = 1; i <= bytes.size(); i += compared_bytes) {
    count += static_cast<std::size_t>(std::popcount(run_ends(bytes, i)));
  }
  return count;
}

/** Calls `visit` with the byte and the length of each run of equal bytes. */
template <typename Visit>
void for_each_run(std::span<const std::byte> bytes, Visit visit) {
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= bytes.size(); i += compared_bytes) {
    for (std::uint64_t ends = run_ends(bytes, i); ends != 0; ends &= ends - 1) {
      const std::size_t end = i + static_cast<std::size_t>(std::countr_zero(ends));
      visit(bytes[begin], end - begin);
      begin = end;
    }
  }
}

}  // namespace spikeport::kernels
