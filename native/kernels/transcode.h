// Text made from bytes, as pickle protocol 0 has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** How the bytes of an array become text (see lib/engine/plan/byte-segments.ts). */
enum class Transcoding : std::uint8_t { utf8, raw_unicode_escape };

/** The most bytes that one byte can become. */
constexpr std::size_t longest_transcoded(Transcoding transcoding) { return transcoding == Transcoding::utf8 ? 2 : 6; }

/** How many bytes after its result `transcode` may overwrite. */
constexpr std::size_t transcoding_overrun = sizeof(std::uint64_t);

/**
 * Writes `in` as text to `out`, which must have room for the longest text of that many bytes and the overrun. Returns
 * the length. Every byte is read once: if another thread changes it meanwhile, its old or its new value is used.
 */
std::size_t transcode(std::span<const std::byte> in, Transcoding transcoding, std::byte* out);

}  // namespace spikeport::kernels
