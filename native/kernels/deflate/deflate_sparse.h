#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace spikeport::kernels {

/** A byte that is not zero, and where it is. */
struct SparseByte {
  std::uint64_t position;
  std::byte value;
};

/**
 * Appends a zlib stream of `size` bytes (at least 1) that are all zero but for these, which ascend by position. Any
 * inflater reads it. What it costs depends on the bytes given and on the bytes written, hardly on the zeros.
 */
void deflate_sparse(std::span<const SparseByte> bytes, std::uint64_t size, std::vector<std::byte>& out);

}  // namespace spikeport::kernels
