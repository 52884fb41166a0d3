#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport::kernels {

/**
 * About how many bits a general compressor needs for a few thousand bytes, where codes alone need `coded_bits`: less if
 * they repeat what came a while before, as the planes of regular numbers do.
 */
[[nodiscard]] std::uint64_t bits_with_far_repeats(std::span<const std::byte> bytes, std::uint64_t coded_bits);

}  // namespace spikeport::kernels
