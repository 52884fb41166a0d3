#pragma once

// Decodes a fuzzer's bytes into choices and numbers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace spikeport::fuzz {

/** A fuzzer's bytes, consumed from the front. After the last one everything is zero. */
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(std::as_bytes(std::span(data, size))) {}

  [[nodiscard]] bool is_empty() const { return rest_.empty(); }
  [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }

  /** Up to `count` bytes. */
  std::span<const std::byte> take(std::size_t count) {
    const auto taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  /** A number of any value. */
  template <typename T>
  T any() {
    T value{};
    const auto bytes = take(sizeof(T));
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }

  /** A whole number below `end`, at most 65536. */
  std::size_t below(std::size_t end) { return (end <= 256 ? any<std::uint8_t>() : any<std::uint16_t>()) % end; }
  bool flag() { return below(2) == 1; }

  /** `count` bytes: a few of the input's, repeated. */
  std::vector<std::byte> bytes(std::size_t count) {
    const auto pattern = take(std::min<std::size_t>(count, 1 + below(64)));
    std::vector<std::byte> made(count);
    for (std::size_t i = 0; i < count && !pattern.empty(); i++) made[i] = pattern[i % pattern.size()];
    return made;
  }

  /** Text of limited length, without NUL and without `@`, which marks names of attributes. */
  std::string text(std::size_t most) {
    std::string made;
    for (const std::byte byte : take(below(most + 1))) {
      const auto character = static_cast<char>(byte);
      made += character == '\0' || character == '@' ? '_' : character;
    }
    return made;
  }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace spikeport::fuzz
