#include "hdf5/structure/file_bytes.h"

#include <algorithm>

namespace spikeport::hdf5::structure {

std::span<const std::byte> FileBytes::view(std::uint64_t address, std::uint64_t count) {
  require(has(address, count), "its structure leads beyond the end of the file");
  const std::uint64_t offset = base_ + address;
  const std::uint64_t number = offset / block_bytes;
  const auto length = static_cast<std::size_t>(count);
  if (count > 0 && (offset + count - 1) / block_bytes == number) {
    const auto at = static_cast<std::size_t>(offset % block_bytes);
    const Block& found = block(number);
    require(at + length <= found.bytes.size(), "the file has become shorter while it was read");
    return std::span(found.bytes).subspan(at, length);
  }
  across_.resize(length);
  read_past_blocks(offset, across_);
  return across_;
}

std::vector<std::byte> FileBytes::read(std::uint64_t address, std::uint64_t count) {
  const auto bytes = view(address, count);
  return {bytes.begin(), bytes.end()};
}

const FileBytes::Block& FileBytes::block(std::uint64_t number) {
  Block& block = blocks_.at(number % blocks_.size());
  if (block.number == number) return block;
  block.number = undefined;
  const std::uint64_t offset = number * block_bytes;
  block.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes, size_ - offset)));
  read_past_blocks(offset, block.bytes);
  block.number = number;
  return block;
}

void FileBytes::read_past_blocks(std::uint64_t offset, std::span<std::byte> bytes) const {
  require(file_.read(bytes, offset) == bytes.size(), "the file has become shorter while it was read");
}

}  // namespace spikeport::hdf5::structure
