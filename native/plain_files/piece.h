#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/transcode.h"
#include "platform/file.h"
#include "sources/source.h"

namespace spikeport {

/**
 * A stretch of a file, gathered from many places and written in one go.
 *
 * What has a known size gets its place first, and is made when the piece is written: pieces can be put together one
 * behind the other, then made and written by several threads at once. Text is made at once, as only then is its size
 * known.
 */
class Piece {
 public:
  /** @param memory for whatever is not written from where it is; begins and ends aligned for every element type */
  Piece(std::uint64_t offset, std::span<std::byte> memory) : offset_(offset), free_(memory) {}

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t end() const { return offset_ + size_; }
  /** Whether there is room for few bytes and for some elements. */
  [[nodiscard]] bool has_room() const;

  /** Adds bytes from the front of these, all when they are few, and returns how many. Many are written from where they
   * are. */
  std::size_t add(std::span<const std::byte> bytes);

  /** Adds few bytes, which the caller fills in before the piece is written. */
  std::span<std::byte> add_space(std::size_t size);

  /** Adds as many of `count` elements from number `first` on as there is room for, and returns how many. */
  std::uint64_t add_elements(const Source& source, std::uint64_t first, std::uint64_t count);

  /** The same for elements that become text. */
  std::uint64_t add_text(const Source& source, std::uint64_t first, std::uint64_t count,
                         kernels::Transcoding transcoding);

  /** Makes what has a place, and writes the piece. */
  void write(const platform::File& file);

 private:
  struct Elements {
    const Source* source;
    std::uint64_t first;
    std::span<std::byte> place;
  };

  std::uint64_t offset_;
  std::uint64_t size_ = 0;
  /** What is left of the memory. */
  std::span<std::byte> free_;
  std::vector<std::span<const std::byte>> parts_;
  std::vector<Elements> elements_;
};

}  // namespace spikeport
