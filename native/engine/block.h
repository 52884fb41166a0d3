#pragma once

#include <cstddef>
#include <span>

namespace spikeport {

/** How many bytes are filled at a time: large enough for the disk, small enough for the processor's cache. */
constexpr std::size_t block_size = std::size_t{1} << 20U;

/** This thread's own block, aligned for every element type. Kept for the next job. */
std::span<std::byte> thread_block();

}  // namespace spikeport
