#include "sinks/extents.h"

#include <algorithm>
#include <utility>

#include "sinks/block.h"
#include "storage/file_descriptor.h"

namespace spikeport {
namespace {

std::uint64_t byte_size(const Extent& extent) { return extent.count * size_of(extent.column->type()); }

/** Takes up to `room` bytes from the front of an extent. */
Extent take_front(Extent& extent, std::uint64_t room) {
  const std::size_t element = size_of(extent.column->type());
  Extent front = extent;
  front.count = std::min<std::uint64_t>(extent.count, room / element);
  extent.first += front.count;
  extent.count -= front.count;
  extent.offset += front.count * element;
  return front;
}

}  // namespace

ExtentWriter::ExtentWriter(int fd, std::string path, std::vector<Extent> extents)
    : fd_(fd), path_(std::move(path)), extents_(std::move(extents)) {
  for (const Extent& extent : extents_) {
    const std::uint64_t size = byte_size(extent);
    if (size > block_size) preallocate(fd_, extent.offset, size, path_);
  }
}

std::vector<Extent> ExtentWriter::take() {
  const std::lock_guard lock(mutex_);
  std::vector<Extent> taken;
  std::uint64_t room = block_size;
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
  for (const Extent& extent : taken) {
    const auto block = thread_block().first(static_cast<std::size_t>(byte_size(extent)));
    extent.column->fill(extent.first, block);
    write_all_at(fd_, block, extent.offset, path_);
    written += block.size();
  }
  if (written > 0) job.advance(written);
  return !taken.empty();
}

}  // namespace spikeport
