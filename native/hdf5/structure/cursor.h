// Reads the fields of HDF5's structures from bytes that may be anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string_view>

namespace spikeport::hdf5::structure {

/** The structure of a file breaks the rules of its format; the text is what is wrong, a clause without a subject. */
class Damaged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline void require(bool condition, const char* problem) {
  if (!condition) throw Damaged(problem);
}

/** The address of what is not there. */
constexpr std::uint64_t undefined = std::numeric_limits<std::uint64_t>::max();

/** How many bytes addresses and lengths have in a file. */
struct Widths {
  std::size_t address = 8;
  std::size_t length = 8;
};

/** Bytes that are read from front to back. */
class Cursor {
 public:
  Cursor(std::span<const std::byte> bytes, Widths widths) : rest_(bytes), widths_(widths) {}

  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }
  [[nodiscard]] const Widths& widths() const { return widths_; }

  std::span<const std::byte> take(std::uint64_t count) {
    require(count <= rest_.size(), "a part of its structure is too short");
    const auto taken = rest_.first(static_cast<std::size_t>(count));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  void skip(std::uint64_t count) { take(count); }
  /** The same bytes, from a cursor of their own. */
  Cursor sub(std::uint64_t count) { return {take(count), widths_}; }

  /** A little-endian number of up to 8 bytes. */
  std::uint64_t number(std::size_t width) {
    const auto bytes = take(width);
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;) value = value << 8U | std::to_integer<std::uint64_t>(bytes[i]);
    return value;
  }
  std::uint8_t byte() { return std::to_integer<std::uint8_t>(take(1)[0]); }
  std::uint16_t two() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t four() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t length() { return number(widths_.length); }
  std::uint64_t address() {
    const std::uint64_t value = number(widths_.address);
    const std::uint64_t ones = undefined >> (64 - 8 * widths_.address);
    return value == ones ? undefined : value;
  }

  /** A text of a known length. */
  std::string_view text(std::uint64_t length) {
    const auto bytes = take(length);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /** A text that a NUL ends, which is passed. */
  std::string_view terminated() {
    const std::string_view all(reinterpret_cast<const char*>(rest_.data()), rest_.size());
    const std::size_t end = all.find('\0');
    require(end != std::string_view::npos, "a name in it has no end");
    skip(end + 1);
    return all.substr(0, end);
  }
  void expect(std::string_view signature, const char* problem) {
    require(text(signature.size()) == signature, problem);
  }

 private:
  std::span<const std::byte> rest_;
  Widths widths_;
};

}  // namespace spikeport::hdf5::structure
