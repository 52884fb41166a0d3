#include "plain_files/piece.h"

#include <algorithm>
#include <memory>

#include "engine/block.h"

namespace spikeport {
namespace {

/** The most bytes of one write. */
constexpr std::uint64_t most_piece_bytes = 4 * block_size;

/** A piece with less room than this is full. */
constexpr std::size_t least_room = block_size / 16;

/** Up to this size, copying bytes costs less than one more part of a write. */
constexpr std::size_t few_bytes = 4096;

constexpr std::size_t alignment = alignof(std::max_align_t);

/** Skips free memory up to the next aligned address. */
std::span<std::byte> align(std::span<std::byte> free) {
  void* begin = free.data();
  std::size_t size = free.size();
  std::align(alignment, 1, begin, size);
  return free.last(size);
}

}  // namespace

bool Piece::has_room() const {
  return free_.size() >= least_room && size_ + least_room <= most_piece_bytes && parts_.size() < platform::most_parts;
}

std::size_t Piece::add(std::span<const std::byte> bytes) {
  if (bytes.size() <= few_bytes) {
    std::ranges::copy(bytes, add_space(bytes.size()).begin());
    return bytes.size();
  }
  const auto front =
      bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), most_piece_bytes - size_)));
  parts_.push_back(front);
  size_ += front.size();
  return front.size();
}

std::span<std::byte> Piece::add_space(std::size_t size) {
  const auto space = free_.first(size);
  free_ = free_.subspan(size);
  size_ += size;
  if (!parts_.empty() && parts_.back().data() + parts_.back().size() == space.data()) {
    parts_.back() = {parts_.back().data(), parts_.back().size() + size};
  } else {
    parts_.emplace_back(space);
  }
  return space;
}

std::uint64_t Piece::add_elements(const Source& source, std::uint64_t first, std::uint64_t count) {
  const std::size_t element = size_of(source.type());
  if (const auto ready = source.in_place(first); !ready.empty()) {
    count = std::min({count, ready.size() / element, (most_piece_bytes - size_) / element});
    return add(ready.first(static_cast<std::size_t>(count) * element)) / element;
  }
  free_ = align(free_);
  count = std::min<std::uint64_t>({count, free_.size() / element, (most_piece_bytes - size_) / element});
  elements_.push_back({&source, first, add_space(static_cast<std::size_t>(count) * element)});
  return count;
}

std::uint64_t Piece::add_text(const Source& source, std::uint64_t first, std::uint64_t count,
                              kernels::Transcoding transcoding) {
  const std::size_t element = size_of(source.type());
  // Room for the text, and at the end of the memory, past the longest text, for elements that have to be filled.
  const std::size_t element_room = element * (kernels::longest_transcoded(transcoding) + 1);
  count = std::min<std::uint64_t>(count, (free_.size() - kernels::transcoding_overrun) / element_room);
  auto elements = source.in_place(first);
  if (elements.empty()) {
    const auto made = free_.last(static_cast<std::size_t>(count) * element);
    source.fill(first, made);
    elements = made;
  } else {
    count = std::min<std::uint64_t>(count, elements.size() / element);
    elements = elements.first(static_cast<std::size_t>(count) * element);
  }
  add_space(kernels::transcode(elements, transcoding, free_.data()));
  return count;
}

void Piece::write(const platform::File& file) {
  for (const auto& [source, first, place] : elements_) source->fill(first, place);
  file.write(parts_, offset_);
}

}  // namespace spikeport
