#pragma once

#include <cstddef>
#include <span>

namespace spikeport::kernels {

/** The longest zlib stream that `deflate` makes of so many bytes. */
[[nodiscard]] std::size_t deflate_bound(std::size_t size);

/**
 * Writes the bytes as a zlib stream, by a general compressor. `level` is zlib's, 1 to 9: the stream is about as long as
 * zlib's or shorter.
 * @param out at least `deflate_bound(bytes.size())` long
 * @return the length of the stream
 */
[[nodiscard]] std::size_t deflate(std::span<const std::byte> bytes, int level, std::span<std::byte> out);

}  // namespace spikeport::kernels
