#include "kernels/deflate/deflate_sparse.h"

#include "kernels/deflate/bit_writer.h"
#include "kernels/deflate/deflate_block.h"
#include "kernels/deflate/tokens.h"

namespace spikeport::kernels {
namespace {

/** Gives TokenCounts or a TokenWriter the bytes in order. */
template <typename Visitor>
void visit_tokens(std::span<const SparseByte> bytes, std::uint64_t size, Visitor& visitor) {
  const auto zeros = [&visitor](std::uint64_t count) {
    if (count > 0) visitor.run(std::byte{0}, count);
  };
  std::uint64_t at = 0;
  for (const auto& [position, value] : bytes) {
    zeros(position - at);
    visitor.literal(value);
    at = position + 1;
  }
  zeros(size - at);
}

/** Adler-32, in which a run of zeros only moves the second sum. */
std::uint32_t adler32(std::span<const SparseByte> bytes, std::uint64_t size) {
  constexpr std::uint64_t modulus = 65521;
  std::uint64_t first = 1;
  std::uint64_t second = 0;
  std::uint64_t at = 0;
  for (const auto& [position, value] : bytes) {
    // The sums over the zeros before this byte, and the byte itself.
    second += (position - at) % modulus * first;
    first = (first + std::to_integer<std::uint64_t>(value)) % modulus;
    second = (second + first) % modulus;
    at = position + 1;
  }
  second = (second + (size - at) % modulus * first) % modulus;
  return static_cast<std::uint32_t>(second << 16U | first);
}

}  // namespace

void deflate_sparse(std::span<const SparseByte> bytes, std::uint64_t size, std::vector<std::byte>& out) {
  TokenCounts counts;
  visit_tokens(bytes, size, counts);
  const TokenBlock block(counts);

  const std::size_t begin = out.size();
  out.resize(begin + zlib_frame_size + block.bits() / 8 + 1 + BitWriter::slack);
  BitWriter bits(&out[begin]);
  put_zlib_header(bits);
  block.write_header(bits, true);
  TokenWriter tokens(block, bits);
  visit_tokens(bytes, size, tokens);
  bits = tokens.end();
  put_zlib_trailer(bits, adler32(bytes, size));
  out.resize(static_cast<std::size_t>(bits.end() - out.data()));
}

}  // namespace spikeport::kernels
