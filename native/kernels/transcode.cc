#include "kernels/transcode.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace spikeport::kernels {
namespace {

std::size_t to_utf8(std::span<const std::byte> in, std::byte* out) {
  std::byte* end = out;
  for (const std::byte byte : in) {
    const auto code = std::to_integer<unsigned>(byte);
    if (code < 0x80) {
      *end++ = byte;
    } else {
      *end++ = static_cast<std::byte>(0xC0U | code >> 6U);
      *end++ = static_cast<std::byte>(0x80U | (code & 0x3FU));
    }
  }
  return static_cast<std::size_t>(end - out);
}

/** The code points that Python's pickle escapes in a protocol 0 string, so that it stays one readable line. */
constexpr bool is_escaped(std::byte byte) {
  constexpr std::array<unsigned, 5> escaped{'\0', '\n', '\r', 0x1A, '\\'};
  return std::ranges::find(escaped, std::to_integer<unsigned>(byte)) != escaped.end();
}

std::size_t to_raw_unicode_escape(std::span<const std::byte> in, std::byte* out) {
  constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
  std::byte* end = out;
  for (const std::byte byte : in) {
    if (!is_escaped(byte)) {
      *end++ = byte;
      continue;
    }
    const auto code = std::to_integer<unsigned>(byte);
    const std::array escape{'\\', 'u', '0', '0', digits[code >> 4U], digits[code & 0xFU]};
    std::memcpy(end, escape.data(), escape.size());
    end += escape.size();
  }
  return static_cast<std::size_t>(end - out);
}

}  // namespace

std::size_t transcoded_size(std::span<const std::byte> in, Transcoding transcoding) {
  if (transcoding == Transcoding::none) return in.size();
  std::size_t extra = 0;
  if (transcoding == Transcoding::utf8) {
    for (const std::byte byte : in) extra += std::to_integer<std::size_t>(byte) >> 7U;
  } else {
    for (const std::byte byte : in) extra += is_escaped(byte) ? 5U : 0U;
  }
  return in.size() + extra;
}

std::size_t transcode(std::span<const std::byte> in, Transcoding transcoding, std::byte* out) {
  switch (transcoding) {
    case Transcoding::utf8:
      return to_utf8(in, out);
    case Transcoding::raw_unicode_escape:
      return to_raw_unicode_escape(in, out);
    case Transcoding::none:
      break;
  }
  std::memcpy(out, in.data(), in.size());
  return in.size();
}

}  // namespace spikeport::kernels
