// What is at a path of a POSIX system, and what a descriptor refers to.
#include "platform/entry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "platform/error.h"
#include "platform/posix/system.h"

namespace spikeport::platform {
namespace {

/** Those that lend a file's owner and group to others, too. */
constexpr mode_t permission_bits = 07777;

EntryKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::file;
  if (S_ISDIR(mode)) return EntryKind::folder;
  return S_ISLNK(mode) ? EntryKind::link : EntryKind::other;
}

Status status_from(const struct stat& status) {
  return {
      .kind = kind_of(status.st_mode),
      .identity = {.device = static_cast<std::uint64_t>(status.st_dev), .number = status.st_ino},
      .size = static_cast<std::uint64_t>(status.st_size),
      .permissions = {.mode = static_cast<std::uint32_t>(status.st_mode) & permission_bits,
                      .owner = status.st_uid,
                      .group = status.st_gid},
  };
}

}  // namespace

std::optional<Status> status_at(const std::string& path, std::error_code& error) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return status_from(status);
  error = last_error();
  return std::nullopt;
}

std::error_code access_error(const std::string& path, Access access) {
  return ::access(path.c_str(), access == Access::write ? W_OK : F_OK) == 0 ? std::error_code() : last_error();
}

std::error_code replace(const std::string& from, const std::string& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? std::error_code() : last_error();
}

std::error_code last_error() { return {errno, std::system_category()}; }

void throw_last_error(const char* call, const std::string& name) { throw SystemError(last_error(), call, name); }

std::uint32_t first_mode(const std::optional<Permissions>& replaced, std::uint32_t most) {
  return replaced ? replaced->mode & 0777U : most;
}

Status status_of(int fd, const std::string& name) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw_last_error("fstat", name);
  return status_from(status);
}

bool is_at(int fd, const std::string& path, const std::string& name) {
  const Status open = status_of(fd, name);
  std::error_code error;
  const auto found = status_at(path, error);
  if (found) return found->identity == open.identity;
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) return false;
  throw SystemError(error, "stat", name);
}

Lock outcome_of_lock(int result) {
  if (result == 0) return Lock::taken;
  // A file system without locks reports another error.
  return errno == EAGAIN || errno == EACCES || errno == EINTR ? Lock::held : Lock::unavailable;
}

bool flush(int fd) {
#ifdef F_FULLFSYNC
  // On macOS fsync leaves it in the disk's own memory; where there is no such call, it is the best there is.
  if (::fcntl(fd, F_FULLFSYNC) == 0) return true;
#endif
  return ::fsync(fd) == 0;
}

}  // namespace spikeport::platform
