#include "kernels/plane_piece.h"

#include "kernels/deflate_block.h"

namespace spikeport::kernels {

PlanePiece::PlanePiece(std::span<const std::byte> bytes) : bytes_(bytes), bits_(stored_bits(bytes.size())) {
  const std::size_t changes = count_changes(bytes);
  if (changes * 2 < bytes.size()) consider(Form::runs);
  if (changes * 8 > bytes.size()) consider(Form::literals);
}

void PlanePiece::consider(Form form) {
  TokenCounts counts;
  visit_tokens(bytes_, form, counts);
  const std::uint64_t bits = counts.estimated_bits();
  if (bits >= bits_) return;
  form_ = form;
  counts_ = counts;
  bits_ = bits;
}

}  // namespace spikeport::kernels
