#pragma once

// A growing buffer for encoded chunks.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace spikeport::hdf5 {

/** Encoded chunks, one after another. Unlike a vector's, its room is not zeroed before it is written to. */
class StreamBuffer {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }

  /** `size` bytes after the end, to be written and then claimed with `advance`. */
  std::span<std::byte> room(std::size_t size) {
    if (size_ + size > capacity_) {
      capacity_ = std::max(size_ + size, 2 * capacity_);
      auto grown = std::make_unique_for_overwrite<std::byte[]>(capacity_);
      if (size_ > 0) std::memcpy(grown.get(), bytes_.get(), size_);
      bytes_ = std::move(grown);
    }
    return {bytes_.get() + size_, size};
  }
  void advance(std::size_t size) { size_ += size; }
  void append(std::span<const std::byte> bytes) {
    std::ranges::copy(bytes, room(bytes.size()).begin());
    advance(bytes.size());
  }
  void clear() { size_ = 0; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace spikeport::hdf5
