// Files that are open to be read, at any offset and from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace spikeport::platform {

/**
 * A regular file that is open for reading, closed with its owner. Errors are SystemErrors that call it by its name,
 * which the caller chooses. It is read, never mapped: a file that shrinks is a short read, not a crash.
 */
class InputFile {
 public:
  /** How long a file is, and when it was last changed. */
  struct State {
    std::uint64_t size = 0;
    /** Nanoseconds since an epoch of the system's. */
    std::int64_t modified = 0;

    bool operator==(const State&) const = default;
  };

  /** Opens a file; symbolic links are followed. Throws EISDIR for a folder, and EINVAL for what is no file, such as a
   * pipe. */
  InputFile(const std::string& path, std::string name);
  InputFile(InputFile&& other) noexcept : handle_(std::exchange(other.handle_, none)), name_(std::move(other.name_)) {}
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] State state() const;
  /** Whether it is still what this path leads to. */
  [[nodiscard]] bool is_at(const std::string& path) const;

  /** Reads from an offset on. Returns how many bytes that were: fewer than there is room for only at the end of the
   * file. */
  [[nodiscard]] std::size_t read(std::span<std::byte> bytes, std::uint64_t offset) const;

 private:
  static constexpr std::intptr_t none = -1;

  /** A file descriptor, or a HANDLE. */
  std::intptr_t handle_ = none;
  std::string name_;
};

}  // namespace spikeport::platform
