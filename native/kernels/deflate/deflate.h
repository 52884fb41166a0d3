// zlib streams of any bytes, by libdeflate or of stored blocks.
#pragma once

#include <cstddef>
#include <span>

namespace spikeport::kernels {

/** The longest zlib stream that `deflate` makes of `size` bytes. */
[[nodiscard]] std::size_t deflate_bound(std::size_t size);

/**
 * Writes the bytes as a zlib stream, by a general compressor. `level` is zlib's, 1 to 9: the stream is about as long as
 * zlib's or shorter.
 * @param out at least `deflate_bound(bytes.size())` long
 * @return the length of the stream
 */
[[nodiscard]] std::size_t deflate(std::span<const std::byte> bytes, int level, std::span<std::byte> out);

/** The length of the zlib stream that `deflate_stored` makes of `size` bytes: those, 5 for each block of 64 KiB, and
 * 6. */
[[nodiscard]] std::size_t deflate_stored_size(std::size_t size);

/** The room that `deflate_stored` needs for `size` bytes. */
[[nodiscard]] std::size_t deflate_stored_bound(std::size_t size);

/**
 * Writes bytes, at least one, as a zlib stream of stored blocks: for what no compressor makes shorter.
 * @param out at least `deflate_stored_bound(bytes.size())` long; the rest of it may be overwritten
 * @return the length of the stream
 */
std::size_t deflate_stored(std::span<const std::byte> bytes, std::span<std::byte> out);

}  // namespace spikeport::kernels
