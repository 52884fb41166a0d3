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
  /** How many bytes behind the last bit may be touched. */
  static constexpr std::size_t slack = 8;

  explicit BitWriter(std::byte* out) : out_(out) {}

  /** Appends the lowest `count` bits; there must be no others. */
  void put(std::uint64_t bits, unsigned count) {
    static_assert(std::endian::native == std::endian::little);
    pending_ |= bits << pending_count_;
    pending_count_ += count;
    // All pending bits at once, whole bytes or not: the next ones overwrite what was too much.
    std::memcpy(out_, &pending_, sizeof pending_);
    out_ += pending_count_ / 8;
    pending_ >>= pending_count_ & ~7U;
    pending_count_ &= 7U;
  }

  /** Fills the last byte with zeros. */
  void align() {
    if (pending_count_ > 0) put(0, 8 - pending_count_);
  }

  /** Appends whole bytes, to a last byte that is full. */
  void put_bytes(std::span<const std::byte> bytes) {
    std::memcpy(out_, bytes.data(), bytes.size());
    out_ += bytes.size();
  }

  /** Behind the last byte that is full. */
  [[nodiscard]] std::byte* end() const { return out_; }

 private:
  std::byte* out_;
  std::uint64_t pending_ = 0;
  unsigned pending_count_ = 0;
};

}  // namespace spikeport::kernels
