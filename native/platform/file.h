// Files that are open to be written, at any offset and from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "platform/entry.h"
#include "platform/lock.h"

namespace spikeport::platform {

/** The most parts that one `File::write` takes. */
constexpr std::size_t most_parts = 1024;

/**
 * An open file, closed with its owner. Threads may write to it at the same time.
 *
 * Its path may be renamed or removed while it is open, which Windows allows of files that are opened with
 * FILE_SHARE_DELETE. Errors are SystemErrors that call it by its name, which the caller chooses.
 */
class File {
 public:
  File() = default;
  File(File&& other) noexcept : handle_(std::exchange(other.handle_, none)), name_(std::move(other.name_)) {}
  File& operator=(File&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(name_, other.name_);
    return *this;
  }
  ~File();

  /**
   * Makes a new file. Not open when something has this path already.
   * @param replaced of the file that it will replace: it opens to no one more than that does
   */
  [[nodiscard]] static File create(const std::string& path, std::string name,
                                   const std::optional<Permissions>& replaced);
  /**
   * Makes a new file in a folder that has no path, or none any more: the system frees its room with the last of its
   * descriptors, however the process ends. Only this user may read it.
   */
  [[nodiscard]] static File create_unnamed(const std::string& folder, std::string name);
  /** Opens an existing file. Not open, for the reason in `error`, when that fails, or when it is a symbolic link. */
  [[nodiscard]] static File open(const std::string& path, std::string name, std::error_code& error);

  [[nodiscard]] bool is_open() const { return handle_ != none; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Status status() const;
  /** Whether it is still what this path leads to. */
  [[nodiscard]] bool is_at(const std::string& path) const;
  [[nodiscard]] Lock lock() const;

  /** Writes all bytes at an offset. */
  void write(std::span<const std::byte> bytes, std::uint64_t offset) const;
  /** Writes parts after one another, from an offset on: in one call where the system gathers them. */
  void write(std::span<const std::span<const std::byte>> parts, std::uint64_t offset) const;

  /** Reads from an offset on. Returns how many bytes that were: fewer than there is room for only at the end of the
   * file. */
  [[nodiscard]] std::size_t read(std::span<std::byte> bytes, std::uint64_t offset) const;
  /** Reads as many bytes as there is room for; that the file ends before them is an error. */
  void read_all(std::span<std::byte> bytes, std::uint64_t offset) const;

  /** Reserves room on the disk, where the system can, so that blocks written later lie together. Throws when it is
   * full. */
  void reserve(std::uint64_t offset, std::uint64_t size) const;

  /** Waits until what was written is on the disk. */
  void flush() const;

  /** Gives it the permissions of the file that it replaces, as far as they are right for it and the system allows. */
  void take_permissions(const Permissions& replaced, const Status& now) const;

  /** Throws what some file systems report only when a file is closed, as a full quota. It stays open, and locked. */
  void check_written() const;
  /** Closes it, open or not, and throws what the file system reports only now. */
  void close();

  /** Removes it, if it can be, from its path. */
  void remove(const std::string& path) const;

 private:
  /** INVALID_HANDLE_VALUE is the same. */
  static constexpr std::intptr_t none = -1;

  File(std::intptr_t handle, std::string name) : handle_(handle), name_(std::move(name)) {}

  /** A file descriptor, or a HANDLE. */
  std::intptr_t handle_ = none;
  std::string name_;
};

}  // namespace spikeport::platform
