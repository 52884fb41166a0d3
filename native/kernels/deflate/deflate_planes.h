#pragma once

#include <cstddef>
#include <span>

namespace spikeport::kernels {

/** The room that `deflate_planes` needs for so many bytes: up to a tenth more than they take. */
[[nodiscard]] std::size_t deflate_planes_bound(std::size_t size);

/**
 * Writes shuffled numbers, at least one byte, as a zlib stream: many times faster than a general compressor and about
 * as small. The bytes of numbers are random, skewed, or the same for long; each plane is written as suits it. Only
 * numbers that are so regular that their bytes come again and again are left to a general compressor.
 * @param plane_size how many numbers there are; what is left behind the last whole plane is one, too
 * @param out at least `deflate_planes_bound(shuffled.size())` long; what lies behind the stream may be overwritten
 * @return the length of the stream
 */
[[nodiscard]] std::size_t deflate_planes(std::span<const std::byte> shuffled, std::size_t plane_size,
                                         std::span<std::byte> out);

}  // namespace spikeport::kernels
