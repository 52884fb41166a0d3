#include "sinks/byte_stream.h"

#include <cstring>
#include <utility>

#include "sinks/block.h"
#include "storage/file_descriptor.h"

namespace spikeport {
namespace {

/** Bytes that take longer to copy than a call of the system does. */
constexpr std::size_t worth_a_call = std::size_t{1} << 16U;

}  // namespace

ByteStream::ByteStream(int fd, std::string path) : fd_(fd), path_(std::move(path)), block_(new std::byte[block_size]) {}

std::span<std::byte> ByteStream::room(std::size_t size) {
  if (used_ + size > block_size) flush();
  return {block_.get() + used_, size};
}

void ByteStream::write(std::span<const std::byte> bytes) {
  if (bytes.size() >= worth_a_call) {
    flush();
    write_all(fd_, bytes, path_);
    return;
  }
  if (bytes.empty()) return;
  std::memcpy(room(bytes.size()).data(), bytes.data(), bytes.size());
  advance(bytes.size());
}

void ByteStream::flush() {
  write_all(fd_, {block_.get(), used_}, path_);
  used_ = 0;
}

}  // namespace spikeport
