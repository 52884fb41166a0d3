#include "kernels/transcode.h"

#include <array>
#include <bit>
#include <cstring>

namespace spikeport::kernels {
namespace {

/** The text of a byte, its first byte in the lowest bits, and in the highest eight bits its length. */
using Code = std::uint64_t;
using Codes = std::array<Code, 256>;
static_assert(sizeof(Code) == transcoding_overrun && std::endian::native == std::endian::little);
constexpr unsigned size_shift = 56;

constexpr Code code_of(std::span<const unsigned> text) {
  Code code = Code{text.size()} << size_shift;
  for (std::size_t i = 0; i < text.size(); i++) code |= Code{text[i]} << 8U * i;
  return code;
}

constexpr Code utf8_code(unsigned byte) {
  if (byte < 0x80) return code_of(std::array{byte});
  return code_of(std::array{0xC0U | byte >> 6U, 0x80U | (byte & 0x3FU)});
}

/** Python's pickle escapes five code points in a protocol 0 string, so that it stays one readable line. */
constexpr Code raw_unicode_escape_code(unsigned byte) {
  const bool is_escaped = byte == '\0' || byte == '\n' || byte == '\r' || byte == 0x1A || byte == '\\';
  if (!is_escaped) return code_of(std::array{byte});
  const auto digit = [](unsigned value) { return value < 10 ? '0' + value : 'a' + value - 10; };
  return code_of(std::array<unsigned, 6>{'\\', 'u', '0', '0', digit(byte >> 4U), digit(byte & 0xFU)});
}

constexpr Codes codes_of(Code (*code)(unsigned)) {
  Codes codes{};
  for (unsigned byte = 0; byte < codes.size(); byte++) codes[byte] = code(byte);
  return codes;
}

constexpr Codes utf8_codes = codes_of(utf8_code);
constexpr Codes raw_unicode_escape_codes = codes_of(raw_unicode_escape_code);

}  // namespace

std::size_t transcode(std::span<const std::byte> in, Transcoding transcoding, std::byte* out) {
  const Codes& codes = transcoding == Transcoding::utf8 ? utf8_codes : raw_unicode_escape_codes;
  std::byte* end = out;
  // Every code is written whole, over the end of the one before: no branch depends on the bytes.
  for (const std::byte byte : in) {
    const Code code = codes[std::to_integer<std::size_t>(byte)];
    std::memcpy(end, &code, sizeof(Code));
    end += code >> size_shift;
  }
  return static_cast<std::size_t>(end - out);
}

}  // namespace spikeport::kernels
