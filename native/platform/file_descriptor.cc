#include "platform/file_descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "engine/errors.h"
#include "platform/system.h"

namespace spikeport {
namespace {

/** Takes as many bytes from the front of parts. */
std::span<iovec> without(std::span<iovec> parts, std::size_t bytes) {
  while (!parts.empty() && bytes >= parts.front().iov_len) {
    bytes -= parts.front().iov_len;
    parts = parts.subspan(1);
  }
  if (!parts.empty()) {
    parts.front().iov_base = static_cast<std::byte*>(parts.front().iov_base) + bytes;
    parts.front().iov_len -= bytes;
  }
  return parts;
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

void FileDescriptor::close(const std::string& path) {
  if (fd_ >= 0 && ::close(release()) != 0) throw_errno("close", path);
}

void throw_errno(const char* call, const std::string& path) { throw SystemError(errno, call, path); }

bool is_at(int fd, const std::string& path, const std::string& name) {
  struct stat open_status {};
  struct stat path_status {};
  if (::fstat(fd, &open_status) != 0) throw_errno("fstat", name);
  if (::lstat(path.c_str(), &path_status) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) throw_errno("stat", name);
    return false;
  }
  return open_status.st_dev == path_status.st_dev && open_status.st_ino == path_status.st_ino;
}

iovec part_of(std::span<const std::byte> bytes) {
  // The system only reads what it writes to a file.
  return {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
}

void write_all_at(int fd, std::span<iovec> parts, std::uint64_t offset, const std::string& path) {
  // The system may take fewer at a time, or be interrupted.
  while (!parts.empty()) {
    const ssize_t written = ::pwritev(fd, parts.data(), static_cast<int>(parts.size()), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno != EINTR) throw_errno("write", path);
      continue;
    }
    offset += static_cast<std::uint64_t>(written);
    parts = without(parts, static_cast<std::size_t>(written));
  }
}

void write_all_at(int fd, std::span<const std::byte> bytes, std::uint64_t offset, const std::string& path) {
  iovec part = part_of(bytes);
  write_all_at(fd, std::span(&part, 1), offset, path);
}

void preallocate(int fd, std::uint64_t offset, std::uint64_t size, const std::string& path) {
  if (!system::reserve(fd, offset, size)) throw_errno("fallocate", path);
}

void sync(int fd, const std::string& path) {
  if (!system::flush(fd)) throw_errno("fsync", path);
}

FileDescriptor duplicate(int fd, const std::string& path) {
  FileDescriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy.is_open()) throw_errno("dup", path);
  return copy;
}

FileDescriptor create_file(const std::string& path, mode_t mode) {
  return FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode));
}

FileDescriptor open_folder(const std::string& path, const std::string& name) {
  FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.is_open()) throw_errno("open", name);
  return folder;
}

void sync_folder(int fd, const std::string& path) {
  if (!system::flush(fd) && errno != EINVAL && errno != ENOTSUP) throw_errno("fsync", path);
}

}  // namespace spikeport
