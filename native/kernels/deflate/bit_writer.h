// Writes bits into bytes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace spikeport::kernels {

/** Writes bits into bytes, the lowest bit of a byte first, as DEFLATE has them. */
class BitWriter {
 public:
  /** The most bits that one `put` takes. */
  static constexpr unsigned most_bits = 56;
  /** How many bytes after the last bit may be overwritten. */
  static constexpr std::size_t slack = 8;

  explicit BitWriter(std::byte* out) : out_(out) {}

  /** Appends the lowest `count` bits; there must be no others. */
  void put(std::uint64_t bits, unsigned count) {
    static_assert(std::endian::native == std::endian::little);
    pending_ |= bits << pending_count_;
    pending_count_ += count;
    // All 8 bytes at once, however many are pending: later bits overwrite the excess.
    std::memcpy(out_, &pending_, sizeof pending_);
    out_ += pending_count_ / 8;
    pending_ >>= pending_count_ & ~7U;
    pending_count_ &= 7U;
  }

  /** Fills the last byte with zeros. */
  void align() {
    if (pending_count_ > 0) put(0, 8 - pending_count_);
  }

  /** Appends whole bytes. The last byte must be full. */
  void put_bytes(std::span<const std::byte> bytes) {
    std::memcpy(out_, bytes.data(), bytes.size());
    out_ += bytes.size();
  }

  /** The end of the bytes that are full. */
  [[nodiscard]] std::byte* end() const { return out_; }

 private:
  std::byte* out_;
  std::uint64_t pending_ = 0;
  unsigned pending_count_ = 0;
};

}  // namespace spikeport::kernels
