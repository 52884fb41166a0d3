#pragma once

// The unit of bulk work: all data is filled, converted and written in blocks.

#include <cstddef>
#include <new>
#include <span>

namespace spikeport {

/** The number of bytes filled at a time: large enough for the disk, small enough for the processor's cache. */
constexpr std::size_t block_size = std::size_t{1} << 20U;

/** This thread's own block, aligned to a page. It outlives the job, for the next one. */
inline std::span<std::byte> thread_block() {
  static constexpr std::align_val_t page{4096};
  struct Block {
    std::byte* bytes = static_cast<std::byte*>(::operator new(block_size, page));
    Block() = default;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() { ::operator delete(bytes, page); }
  };
  thread_local const Block block;
  return {block.bytes, block_size};
}

}  // namespace spikeport
