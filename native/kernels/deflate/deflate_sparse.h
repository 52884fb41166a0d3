// zlib streams of bytes that are nearly all zero, such as rasters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace spikeport::kernels {

/** A byte that is not zero, and its index. */
struct SparseByte {
  std::uint64_t position;
  std::byte value;
};

/**
 * Appends a zlib stream of `size` bytes (at least 1) that are all zero but for these, which ascend by position. The
 * time it takes depends on the bytes given and on the bytes written, hardly on the zeros.
 */
void deflate_sparse(std::span<const SparseByte> bytes, std::uint64_t size, std::vector<std::byte>& out);

}  // namespace spikeport::kernels
