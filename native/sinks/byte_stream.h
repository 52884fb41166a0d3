#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace spikeport {

/** Bytes written to a file one behind the other, collected into blocks. */
class ByteStream {
 public:
  ByteStream(int fd, std::string path);

  /** Room for this many bytes, at most a block: to be filled, and then taken with `advance`. Not aligned. */
  std::span<std::byte> room(std::size_t size);
  void advance(std::size_t size) { used_ += size; }

  /** Copies few bytes into the block, and hands many to the file from where they are. */
  void write(std::span<const std::byte> bytes);
  void flush();

 private:
  int fd_;
  std::string path_;
  std::unique_ptr<std::byte[]> block_;
  std::size_t used_ = 0;
};

}  // namespace spikeport
