// Files of POSIX systems.
#include "platform/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>

#include "platform/error.h"
#include "platform/posix/system.h"

namespace spikeport::platform {
namespace {

static_assert(most_parts <= IOV_MAX);

/** What a new file may have at most, less the process's mask. */
constexpr mode_t any_file_access = 0666;
/** Without those that lend a file's owner and group to others. */
constexpr mode_t access_bits = 0777;

#ifdef SPIKEPORT_LINUX
/** What the file system has left, also for root. A reservation of more would take all of it from everybody for a
 * moment before it fails. */
std::uint64_t free_bytes(int file) {
  struct statvfs found {};
  if (::fstatvfs(file, &found) != 0) return UINT64_MAX;
  return static_cast<std::uint64_t>(found.f_bfree) * found.f_frsize;
}
#endif

/** Removes `bytes` from the front of parts. */
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

iovec part_of(std::span<const std::byte> bytes) {
  // The system only reads what it writes to a file.
  return {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
}

void write_all(int fd, std::span<iovec> parts, std::uint64_t offset, const std::string& name) {
  // The system may take fewer at a time, or be interrupted.
  while (!parts.empty()) {
    const ssize_t written = ::pwritev(fd, parts.data(), static_cast<int>(parts.size()), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno != EINTR) throw_last_error("write", name);
      continue;
    }
    offset += static_cast<std::uint64_t>(written);
    parts = without(parts, static_cast<std::size_t>(written));
  }
}

}  // namespace

File::~File() {
  if (is_open()) ::close(descriptor(handle_));
}

File File::create(const std::string& path, std::string name, const std::optional<Permissions>& replaced) {
  const mode_t mode = first_mode(replaced, any_file_access);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0 && errno != EEXIST) throw_last_error("open", name);
  return {fd, std::move(name)};
}

File File::create_unnamed(const std::string& folder, std::string name) {
#ifdef SPIKEPORT_LINUX
  constexpr mode_t own_access = 0600;
  const int unnamed = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, own_access);
  if (unnamed >= 0) return {unnamed, std::move(name)};
  // Not every file system has such files; where it has none, kernels report one of these.
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) throw_last_error("open", name);
#endif
  std::string path = folder + "/.spikeport-XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) throw_last_error("open", name);
  File file(fd, std::move(name));
  if (::unlink(path.c_str()) != 0) throw_last_error("unlink", file.name_);
  return file;
}

File File::open(const std::string& path, std::string name, std::error_code& error) {
  const int fd = ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) error = last_error();
  return {fd, std::move(name)};
}

Status File::status() const { return status_of(descriptor(handle_), name_); }

bool File::is_at(const std::string& path) const { return platform::is_at(descriptor(handle_), path, name_); }

Lock File::lock() const {
#ifdef SPIKEPORT_LINUX
  // Not flock: the HDF5 library takes that for itself, and some of its versions have no option against that.
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return outcome_of_lock(::fcntl(descriptor(handle_), F_OFD_SETLK, &whole));
#else
  return outcome_of_lock(::flock(descriptor(handle_), LOCK_EX | LOCK_NB));
#endif
}

void File::write(std::span<const std::byte> bytes, std::uint64_t offset) const {
  iovec part = part_of(bytes);
  write_all(descriptor(handle_), std::span(&part, 1), offset, name_);
}

void File::write(std::span<const std::span<const std::byte>> parts, std::uint64_t offset) const {
  std::array<iovec, most_parts> gathered;
  const auto used = std::span(gathered).first(parts.size());
  std::ranges::transform(parts, used.begin(), part_of);
  write_all(descriptor(handle_), used, offset, name_);
}

std::size_t File::read(std::span<std::byte> bytes, std::uint64_t offset) const {
  return platform::read_all(descriptor(handle_), bytes, offset, name_);
}

void File::read_all(std::span<std::byte> bytes, std::uint64_t offset) const {
  if (read(bytes, offset) < bytes.size()) throw SystemError(std::errc::io_error, "read", name_);
}

void File::reserve(std::uint64_t offset, std::uint64_t size) const {
#ifdef SPIKEPORT_LINUX
  if (size > free_bytes(descriptor(handle_))) {
    errno = ENOSPC;
    throw_last_error("fallocate", name_);
  }
  // Not posix_fallocate: where the file system cannot, that writes every block itself.
  while (::fallocate(descriptor(handle_), 0, static_cast<off_t>(offset), static_cast<off_t>(size)) != 0) {
    if (errno == EOPNOTSUPP || errno == ENOSYS) return;
    if (errno != EINTR) throw_last_error("fallocate", name_);
  }
#else
  static_cast<void>(offset), static_cast<void>(size);
#endif
}

void File::flush() const {
  if (!platform::flush(descriptor(handle_))) throw_last_error("fsync", name_);
}

void File::take_permissions(const Permissions& replaced, const Status& now) const {
  const bool has_same_owners = now.permissions.owner == replaced.owner && now.permissions.group == replaced.group;
  const mode_t wanted = has_same_owners ? replaced.mode : replaced.mode & access_bits;
  // Where the file system refuses, the file opens to no one more than the one it replaces.
  if (now.permissions.mode != wanted) static_cast<void>(::fchmod(descriptor(handle_), wanted));
}

void File::check_written() const {
  const int copy = ::fcntl(descriptor(handle_), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw_last_error("dup", name_);
  File(copy, name_).close();
}

void File::close() {
  if (is_open() && ::close(descriptor(std::exchange(handle_, none))) != 0) throw_last_error("close", name_);
}

void File::remove(const std::string& path) const { ::unlink(path.c_str()); }

}  // namespace spikeport::platform
