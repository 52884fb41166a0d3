#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <climits>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace spikeport {

/** An open file or folder, closed with its owner. */
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  /** Closes it, open or not, and throws what the file system reports only now, as a full quota. */
  void close(const std::string& path);
  /** Leaves it open, to another owner. */
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/** Throws the SystemError that `errno` stands for. */
[[noreturn]] void throw_errno(const char* call, const std::string& path);

/** Whether an open file or folder is still what its path names; `name` is the caller's name for it. */
[[nodiscard]] bool is_at(int fd, const std::string& path, const std::string& name);

/** Bytes as a part of what `write_all_at` writes. */
[[nodiscard]] iovec part_of(std::span<const std::byte> bytes);

/** The most parts that `write_all_at` takes. */
constexpr std::size_t most_parts = IOV_MAX;

/** Writes parts one behind the other, from an offset on, and uses them up; `path` names the file in errors. */
void write_all_at(int fd, std::span<iovec> parts, std::uint64_t offset, const std::string& path);

/** Writes all bytes at an offset. */
void write_all_at(int fd, std::span<const std::byte> bytes, std::uint64_t offset, const std::string& path);

/** Reserves room on the disk where the file system can, so that blocks written later lie together. Throws when it is
 * full. */
void preallocate(int fd, std::uint64_t offset, std::uint64_t size, const std::string& path);

void sync(int fd, const std::string& path);

/** Another descriptor of an open file. */
[[nodiscard]] FileDescriptor duplicate(int fd, const std::string& path);

/** Makes a new file, with this mode less the process's mask. Not open when that fails, for the reason in `errno`. */
[[nodiscard]] FileDescriptor create_file(const std::string& path, mode_t mode);

/** Opens a folder; `name` is the caller's name for it. */
FileDescriptor open_folder(const std::string& path, const std::string& name);

/** Syncs a folder, so that renames in it survive, where the file system can. */
void sync_folder(int fd, const std::string& path);

}  // namespace spikeport
