#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spikeport::kernels {

/** Bits behind the bytes of a vector, the lowest bit of a byte first, as DEFLATE has them. */
class BitWriter {
 public:
  explicit BitWriter(std::vector<std::byte>& out) : out_(out) {}

  /** Appends the lowest `count` bits, at most 32. */
  void put(std::uint64_t bits, unsigned count) {
    pending_ |= bits << pending_count_;
    pending_count_ += count;
    for (; pending_count_ >= 8; pending_count_ -= 8) {
      out_.push_back(static_cast<std::byte>(pending_));
      pending_ >>= 8U;
    }
  }

  /** Fills the last byte with zeros. */
  void align() {
    if (pending_count_ > 0) put(0, 8 - pending_count_);
  }

 private:
  std::vector<std::byte>& out_;
  std::uint64_t pending_ = 0;
  unsigned pending_count_ = 0;
};

}  // namespace spikeport::kernels
