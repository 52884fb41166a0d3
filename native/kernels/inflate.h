// Inflates zlib streams.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace spikeport::kernels {

/** DEFLATE makes at most this many bytes of one. */
constexpr std::size_t most_growth = 1032;

/** The most bytes that a deflated stream of this many bytes has, of any sensible encoder. */
[[nodiscard]] std::size_t most_deflated(std::size_t size);

/** Inflates a zlib stream; returns how many bytes it made, none where it is damaged or makes more than there is room
 * for. */
[[nodiscard]] std::optional<std::size_t> inflate(std::span<const std::byte> stream, std::span<std::byte> out);

}  // namespace spikeport::kernels
