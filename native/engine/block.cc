#include "engine/block.h"

#include <new>

namespace spikeport {
namespace {

constexpr std::align_val_t page{4096};

struct Block {
  std::byte* bytes = static_cast<std::byte*>(::operator new(block_size, page));
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { ::operator delete(bytes, page); }
};

}  // namespace

std::span<std::byte> thread_block() {
  thread_local const Block block;
  return {block.bytes, block_size};
}

}  // namespace spikeport
