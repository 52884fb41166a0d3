#pragma once

#include <cstddef>
#include <span>

namespace spikeport::kernels {

/** The room that `deflate_planes` needs for the stream of so many bytes: hardly more than the bytes themselves. */
[[nodiscard]] std::size_t deflate_planes_bound(std::size_t size);

/**
 * Writes shuffled numbers as a zlib stream, many times faster than a general compressor and about as small. It looks
 * for what the bytes of numbers are like: random, skewed, or the same for long, which differs from plane to plane.
 * @param plane_size how many numbers there are; the last plane may be longer
 * @param out at least `deflate_planes_bound(shuffled.size())` long; what lies behind the stream may be overwritten
 * @return the length of the stream
 */
[[nodiscard]] std::size_t deflate_planes(std::span<const std::byte> shuffled, std::size_t plane_size,
                                         std::span<std::byte> out);

}  // namespace spikeport::kernels
