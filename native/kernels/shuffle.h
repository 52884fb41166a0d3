// HDF5's shuffle filter.
#pragma once

#include <cstddef>
#include <span>

namespace spikeport::kernels {

/**
 * HDF5's shuffle filter: all first bytes of the elements, then all second bytes, and so on. Bytes after the last whole
 * element stay at the end. `out` is as long as `elements`.
 */
void shuffle(std::span<const std::byte> elements, std::size_t element_size, std::byte* out);

/** Undoes `shuffle`. */
void unshuffle(std::span<const std::byte> shuffled, std::size_t element_size, std::byte* out);

}  // namespace spikeport::kernels
