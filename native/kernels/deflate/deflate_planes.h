// zlib streams of shuffled numbers. README.md explains how they are made.
#pragma once

#include <cstddef>
#include <span>

namespace spikeport::kernels {

/** The room that `deflate_planes` needs for `size` bytes: up to a tenth more. */
[[nodiscard]] std::size_t deflate_planes_bound(std::size_t size);

/**
 * Writes shuffled numbers, at least one byte, as a zlib stream: many times faster than a general compressor and about
 * as small. Only numbers that are so regular that sequences of their bytes recur are left to a general compressor.
 * @param plane_size how many numbers there are; bytes after the last whole plane are a plane, too
 * @param out at least `deflate_planes_bound(shuffled.size())` long; the rest of it may be overwritten
 * @return the length of the stream
 */
[[nodiscard]] std::size_t deflate_planes(std::span<const std::byte> shuffled, std::size_t plane_size,
                                         std::span<std::byte> out);

}  // namespace spikeport::kernels
