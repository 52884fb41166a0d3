#include "hdf5/extent_writer.h"

#include <algorithm>
#include <utility>

#include "engine/block.h"

namespace spikeport::hdf5 {
namespace {

/** Sources fill bytes that are aligned for the largest element type. */
constexpr std::size_t alignment = 8;

/**
 * What is filled and written at a time. For longer writes Linux takes memory in longer pieces, which in a virtual
 * machine its host has to find first: raw data of 4 GB took 1.4 times as long by 1 MiB.
 */
constexpr std::uint64_t written_size = block_size / 4;

std::uint64_t byte_size(const Extent& extent) { return extent.count * size_of(extent.source->type()); }

/** Takes up to `room` bytes from the front of an extent. */
Extent take_front(Extent& extent, std::uint64_t room) {
  const std::size_t element = size_of(extent.source->type());
  Extent front = extent;
  front.count = std::min<std::uint64_t>(extent.count, room / element);
  extent.first += front.count;
  extent.count -= front.count;
  extent.offset += front.count * element;
  return front;
}

}  // namespace

ExtentWriter::ExtentWriter(const platform::File& file, std::vector<Extent> extents)
    : file_(&file), extents_(std::move(extents)) {
  for (const Extent& extent : extents_) {
    const std::uint64_t size = byte_size(extent);
    if (size > block_size) file_->reserve(extent.offset, size);
  }
}

std::vector<Extent> ExtentWriter::take() {
  const std::lock_guard lock(mutex_);
  std::vector<Extent> taken;
  std::uint64_t room = written_size;
  while (next_ < extents_.size()) {
    taken.push_back(take_front(extents_[next_], room));
    room -= byte_size(taken.back());
    if (extents_[next_].count > 0) break;
    next_++;
  }
  return taken;
}

bool ExtentWriter::write_some(Job& job) {
  const std::vector<Extent> taken = take();
  std::uint64_t written = 0;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < taken.size(); i++) {
    const Extent& extent = taken[i];
    const auto part = thread_block().subspan(filled, static_cast<std::size_t>(byte_size(extent)));
    extent.source->fill(extent.first, part);
    filled += part.size();
    const std::uint64_t end = extent.offset + part.size();
    // Adjacent extents are written together.
    if (i + 1 < taken.size() && taken[i + 1].offset == end && filled % alignment == 0) continue;
    file_->write(thread_block().first(filled), end - filled);
    written += std::exchange(filled, 0);
  }
  if (written > 0) job.advance(written);
  return !taken.empty();
}

}  // namespace spikeport::hdf5
