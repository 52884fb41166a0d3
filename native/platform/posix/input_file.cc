// Files that are read, on POSIX systems.
#include "platform/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "platform/error.h"
#include "platform/posix/system.h"

namespace spikeport::platform {
namespace {

struct stat stat_of(int fd, const std::string& name) {
  struct stat stats {};
  if (::fstat(fd, &stats) != 0) throw_last_error("fstat", name);
  return stats;
}

std::int64_t modified(const struct stat& stats) {
#ifdef __APPLE__
  return nanoseconds(stats.st_mtimespec);
#else
  return nanoseconds(stats.st_mtim);
#endif
}

}  // namespace

InputFile::InputFile(const std::string& path, std::string name) : name_(std::move(name)) {
  // A pipe would be waited for otherwise.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) throw_last_error("open", name_);
  handle_ = fd;
  try {
    const struct stat stats = stat_of(fd, name_);
    if (S_ISDIR(stats.st_mode)) throw SystemError(std::errc::is_a_directory, "read", name_);
    if (!S_ISREG(stats.st_mode)) throw SystemError(std::errc::invalid_argument, "read", name_);
  } catch (...) {
    ::close(fd);
    throw;
  }
}

InputFile::~InputFile() {
  if (handle_ != none) ::close(descriptor(handle_));
}

InputFile::State InputFile::state() const {
  const struct stat stats = stat_of(descriptor(handle_), name_);
  return {.size = static_cast<std::uint64_t>(stats.st_size), .modified = modified(stats)};
}

bool InputFile::is_at(const std::string& path) const {
  // Links are followed, as they were when it was opened.
  const struct stat open = stat_of(descriptor(handle_), name_);
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && found.st_dev == open.st_dev && found.st_ino == open.st_ino;
}

std::size_t read_all(int fd, std::span<std::byte> bytes, std::uint64_t offset, const std::string& name) {
  std::size_t done = 0;
  // The system may read fewer at a time, or be interrupted.
  while (done < bytes.size()) {
    const ssize_t count = ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (count < 0) {
      if (errno != EINTR) throw_last_error("read", name);
      continue;
    }
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t InputFile::read(std::span<std::byte> bytes, std::uint64_t offset) const {
  return read_all(descriptor(handle_), bytes, offset, name_);
}

}  // namespace spikeport::platform
