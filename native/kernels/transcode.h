#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** How the bytes of an array become text (see lib/plan/byte-segments.ts). */
enum class Transcoding : std::uint8_t { none, utf8, raw_unicode_escape };

/** The most bytes that one byte can become. */
constexpr std::size_t longest_transcoded = 6;

/** How many bytes `in` becomes. */
[[nodiscard]] std::size_t transcoded_size(std::span<const std::byte> in, Transcoding transcoding);

/** Writes what `in` becomes, at most `longest_transcoded` bytes for each, and returns how many bytes that were. */
std::size_t transcode(std::span<const std::byte> in, Transcoding transcoding, std::byte* out);

}  // namespace spikeport::kernels
