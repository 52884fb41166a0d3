#include "kernels/deflate/deflate_planes.h"

#include <libdeflate.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "kernels/deflate/bit_writer.h"
#include "kernels/deflate/deflate.h"
#include "kernels/deflate/deflate_block.h"
#include "kernels/deflate/plane_piece.h"

namespace spikeport::kernels {
namespace {

using Bytes = std::span<const std::byte>;

/** The size of a piece: the character of the bytes may change within a plane. */
constexpr std::size_t piece_size = 32768;
/** How much of a plane shows whether it repeats from afar. */
constexpr std::size_t plane_sample_size = 2048;
/** Shorter planes are taken for one. */
constexpr std::size_t shortest_plane = 64;

/** Bytes that repeat take no longer at this level than at the first, and become much shorter. */
constexpr int level_of_repeats = 4;

/** Pieces that are written as one block, because that is shorter than a block for each. */
class Block {
 public:
  explicit Block(const PlanePiece& piece) : bits_(piece.bits()), counts_(piece.counts()) { append(piece); }

  /** Takes in the next piece, unless a block of its own is shorter. */
  bool join(const PlanePiece& piece) {
    if (is_stored(piece.form()) != is_stored(parts_.front().form)) return false;
    if (!is_stored(piece.form())) {
      TokenCounts joined = counts_;
      joined.join(piece.counts());
      const std::uint64_t bits = joined.estimated_bits();
      if (bits > bits_ + piece.bits()) return false;
      counts_ = joined;
      bits_ = bits;
    }
    append(piece);
    return true;
  }

  void write(BitWriter& out, bool last) const {
    const Bytes bytes(parts_.front().bytes.data(), size_);
    if (is_stored(parts_.front().form)) return put_stored(out, bytes, last);
    const TokenBlock block(counts_);
    if (block.bits() >= stored_bits(size_)) return put_stored(out, bytes, last);
    block.write_header(out, last);
    TokenWriter tokens(block, out);
    for (const auto& [part, form] : parts_) {
      if (form == Form::literals) {
        tokens.literals(part);
      } else {
        tokens.runs(part);
      }
    }
    out = tokens.end();
  }

 private:
  using Form = PlanePiece::Form;
  struct Part {
    Bytes bytes;
    Form form;
  };

  static bool is_stored(Form form) { return form == Form::stored; }

  void append(const PlanePiece& piece) {
    parts_.push_back({piece.bytes(), piece.form()});
    size_ += piece.bytes().size();
  }

  std::vector<Part> parts_;
  std::size_t size_ = 0;
  std::uint64_t bits_;
  TokenCounts counts_;
};

/** Calls `visit` with each plane. */
template <typename Visit>
void for_each_plane(Bytes shuffled, std::size_t plane_size, Visit visit) {
  if (plane_size < shortest_plane) plane_size = shuffled.size();
  for (std::size_t i = 0; i < shuffled.size(); i += plane_size) {
    visit(shuffled.subspan(i, std::min(plane_size, shuffled.size() - i)));
  }
}

/** Whether a general compressor would make a much shorter stream. */
bool repeats_from_afar(Bytes shuffled, std::size_t plane_size) {
  std::uint64_t stored = 0;
  std::uint64_t coded = 0;
  std::uint64_t matched = 0;
  for_each_plane(shuffled, plane_size, [&](Bytes plane) {
    const std::size_t size = std::min(plane_sample_size, plane.size());
    const Bytes sample = plane.subspan((plane.size() - size) / 2, size);
    const std::uint64_t bits = PlanePiece(sample).bits();
    stored += stored_bits(size);
    coded += bits;
    matched += bits < size ? bits : bits_with_far_repeats(sample, bits);
  });
  // At least a sixth of the stream, and a 32nd of the numbers: a stream that is short anyway need not be shorter.
  return matched * 6 < coded * 5 && matched + stored / 32 < coded;
}

}  // namespace

std::size_t deflate_planes_bound(std::size_t size) {
  // Every block is at most as long as a stored one.
  const std::size_t most_blocks = size / shortest_plane + size / piece_size + 1;
  const std::size_t own = size + most_blocks * (stored_bits(0) / 8 + 1) + zlib_frame_size + BitWriter::slack;
  return std::max(own, deflate_bound(size));
}

std::size_t deflate_planes(Bytes shuffled, std::size_t plane_size, std::span<std::byte> out) {
  if (repeats_from_afar(shuffled, plane_size)) return deflate(shuffled, level_of_repeats, out);
  BitWriter bits(out.data());
  put_zlib_header(bits);
  std::optional<Block> block;
  for_each_plane(shuffled, plane_size, [&](Bytes plane) {
    for (std::size_t i = 0; i < plane.size(); i += piece_size) {
      const PlanePiece piece(plane.subspan(i, std::min(piece_size, plane.size() - i)));
      if (block && block->join(piece)) continue;
      if (block) block->write(bits, false);
      block.emplace(piece);
    }
  });
  block->write(bits, true);
  put_zlib_trailer(bits, libdeflate_adler32(1, shuffled.data(), shuffled.size()));
  return static_cast<std::size_t>(bits.end() - out.data());
}

}  // namespace spikeport::kernels
