// How many bits a part of a byte plane takes, in the form that suits it best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate/tokens.h"

namespace spikeport::kernels {

/** A part of a plane, in the form that is shortest. */
class PlanePiece {
 public:
  /** Bytes as they are; a code for each byte; or a code for the first byte of each run, and matches for the rest. */
  enum class Form : std::uint8_t { stored, literals, runs };

  /** @param bytes at least one */
  explicit PlanePiece(std::span<const std::byte> bytes);

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  [[nodiscard]] Form form() const { return form_; }
  /** Of a piece that is not stored. */
  [[nodiscard]] const TokenCounts& counts() const { return counts_; }
  /** About how many bits it takes as a block of its own. */
  [[nodiscard]] std::uint64_t bits() const { return bits_; }

 private:
  void consider_literals();
  void consider_runs();
  /** Takes the form if it is shorter than the one there is. */
  void choose(Form form, const TokenCounts& counts);

  std::span<const std::byte> bytes_;
  Form form_ = Form::stored;
  TokenCounts counts_;
  std::uint64_t bits_;
};

/**
 * About how many bits a general compressor needs for a few thousand bytes, where codes alone need `coded_bits`: fewer
 * if sequences of bytes occur again, as in the planes of regular numbers.
 */
[[nodiscard]] std::uint64_t bits_with_far_repeats(std::span<const std::byte> bytes, std::uint64_t coded_bits);

}  // namespace spikeport::kernels
