#pragma once

// Composes one write of a plain file from many small parts.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/transcode.h"
#include "platform/file.h"
#include "sources/source.h"

namespace spikeport {

/**
 * Consecutive bytes of a file, gathered from many places and written with one call.
 *
 * Elements get their place when they are added and are filled when the piece is written: pieces are composed one after
 * the other, then filled and written by several threads at once. Text is made when it is added, since its size is not
 * known before.
 */
class Piece {
 public:
  /** @param memory for all that is not written in place; begins and ends aligned for every element type */
  Piece(std::uint64_t offset, std::span<std::byte> memory) : offset_(offset), free_(memory) {}

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t end() const { return offset_ + size_; }
  /** Whether there is room for a few bytes and some elements. */
  [[nodiscard]] bool has_room() const;

  /** Adds bytes from the front of these, all if they are few, and returns how many. Many bytes are written in place. */
  std::size_t add(std::span<const std::byte> bytes);

  /** Adds a few bytes, which the caller sets before the piece is written. */
  std::span<std::byte> add_space(std::size_t size);

  /** Adds up to `count` elements from number `first` on, as far as there is room, and returns how many. */
  std::uint64_t add_elements(const Source& source, std::uint64_t first, std::uint64_t count);

  /** The same for elements as text. */
  std::uint64_t add_text(const Source& source, std::uint64_t first, std::uint64_t count,
                         kernels::Transcoding transcoding);

  /** Fills the elements and writes the piece. */
  void write(const platform::File& file);

 private:
  struct Elements {
    const Source* source;
    std::uint64_t first;
    std::span<std::byte> place;
  };

  std::uint64_t offset_;
  std::uint64_t size_ = 0;
  /** The unused rest of the memory. */
  std::span<std::byte> free_;
  std::vector<std::span<const std::byte>> parts_;
  std::vector<Elements> elements_;
};

}  // namespace spikeport
