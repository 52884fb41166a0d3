#include "kernels/deflate/plane_piece.h"

#include <algorithm>

#include "kernels/deflate/byte_runs.h"
#include "kernels/deflate/deflate_block.h"

namespace spikeport::kernels {
namespace {

/** Enough to see that bytes are random. */
constexpr std::size_t sample_size = 8192;

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

}  // namespace spikeport::kernels
