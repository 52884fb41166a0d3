#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** How the bytes of an array become text (see lib/engine/plan/byte-segments.ts). */
enum class Transcoding : std::uint8_t { utf8, raw_unicode_escape };

/** The most bytes that one byte can become. */
constexpr std::size_t longest_transcoded(Transcoding transcoding) { return transcoding == Transcoding::utf8 ? 2 : 6; }

/** How many bytes behind its result `transcode` may write over. */
constexpr std::size_t transcoding_overrun = sizeof(std::uint64_t);

/**
 * Writes what `in` becomes to `out`, which has room for it whatever the bytes are, and for the overrun. Returns how
 * many bytes that were. Every byte is read once: one that changes meanwhile counts as the one or the other.
 */
std::size_t transcode(std::span<const std::byte> in, Transcoding transcoding, std::byte* out);

}  // namespace spikeport::kernels
