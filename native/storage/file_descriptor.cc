#include "storage/file_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "errors.h"

namespace spikeport {
namespace {

/** Hands all bytes to `write`, which may take fewer at a time or be interrupted. */
template <typename Write>
void write_in_parts(std::span<const std::byte> bytes, const std::string& path, Write write) {
  while (!bytes.empty()) {
    const ssize_t written = write(bytes);
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      throw_errno("write", path);
    }
  }
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

void throw_errno(const char* call, const std::string& path) { throw SystemError(errno, call, path); }

void write_all(int fd, std::span<const std::byte> bytes, const std::string& path) {
  write_in_parts(bytes, path, [fd](auto rest) { return ::write(fd, rest.data(), rest.size()); });
}

void write_all_at(int fd, std::span<const std::byte> bytes, std::uint64_t offset, const std::string& path) {
  write_in_parts(bytes, path, [fd, &offset](auto rest) {
    const ssize_t written = ::pwrite(fd, rest.data(), rest.size(), static_cast<off_t>(offset));
    if (written > 0) offset += static_cast<std::uint64_t>(written);
    return written;
  });
}

void preallocate(int fd, std::uint64_t offset, std::uint64_t size, const std::string& path) {
#ifdef __linux__
  // Not posix_fallocate: where the file system cannot, that writes every block itself.
  while (::fallocate(fd, 0, static_cast<off_t>(offset), static_cast<off_t>(size)) != 0) {
    if (errno == EINTR) continue;
    if (errno == EOPNOTSUPP || errno == ENOSYS) return;
    throw_errno("fallocate", path);
  }
#else
  static_cast<void>(fd), static_cast<void>(offset), static_cast<void>(size), static_cast<void>(path);
#endif
}

void sync(int fd, const std::string& path) {
  if (::fsync(fd) != 0) throw_errno("fsync", path);
}

FileDescriptor create_file(const std::string& path) {
  constexpr mode_t anybody = 0666;
  return FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, anybody));
}

FileDescriptor open_folder(const std::string& path) {
  FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) throw_errno("open", path);
  return folder;
}

FileDescriptor open_parent(const std::string& path) {
  return open_folder(std::filesystem::path(path).parent_path().string());
}

void sync_folder(int fd, const std::string& path) {
  if (::fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP) throw_errno("fsync", path);
}

}  // namespace spikeport
