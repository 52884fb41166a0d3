// HDF5's checksum of chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** Fletcher's checksum of 32 bits as HDF5 computes it: of big-endian 16-bit words, a single last byte as the high one.
 */
[[nodiscard]] std::uint32_t fletcher32(std::span<const std::byte> bytes);

/**
 * Whether bytes, at least four, end with the checksum of those before. Files of HDF5 1.6.2 and before have its bytes in
 * another order on little-endian machines, which counts as well.
 */
[[nodiscard]] bool has_fletcher32(std::span<const std::byte> bytes);

}  // namespace spikeport::kernels
