#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/deflate/token_counts.h"

namespace spikeport::kernels {

/** Neighbouring bytes of a plane, in the form that is shortest. */
class PlanePiece {
 public:
  /** As they are; in codes; the first of each run in codes, the others repeated. */
  enum class Form : std::uint8_t { stored, literals, runs };

  /** At least one byte. */
  explicit PlanePiece(std::span<const std::byte> bytes);

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  [[nodiscard]] Form form() const { return form_; }
  /** Those of a piece that is not stored. */
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

}  // namespace spikeport::kernels
