#include "storage/claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <system_error>

#include "errors.h"
#include "system.h"

namespace spikeport {
namespace {

namespace fs = std::filesystem;
using Kind = Claim::Kind;

constexpr std::size_t longest_name = 255;
constexpr mode_t any_folder = 0777;

std::string partial_path(const std::string& target, unsigned slot) {
  const fs::path place(target);
  const std::string suffix = ".spikeport-" + std::to_string(slot) + ".partial";
  std::string name = place.filename().string();
  if (name.size() <= longest_name && name.size() + suffix.size() + 1 > longest_name) {
    name = "long-name-" + std::to_string(std::hash<std::string>{}(name));
  }
  return (place.parent_path() / ("." + name + suffix)).string();
}

/** Locks an open partial for as long as it is open. False when another export holds it. */
bool try_lock(Kind kind, int fd) {
  return kind == Kind::file ? system::lock_file(fd) : ::flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/** Whether an open file is still what its path names. */
bool is_at(int fd, const std::string& path) {
  struct stat open_status {};
  struct stat path_status {};
  return ::fstat(fd, &open_status) == 0 && ::lstat(path.c_str(), &path_status) == 0 &&
         open_status.st_dev == path_status.st_dev && open_status.st_ino == path_status.st_ino;
}

FileDescriptor open_existing(Kind kind, const std::string& path) {
  const int flags = kind == Kind::file ? O_RDWR : O_RDONLY | O_DIRECTORY;
  return FileDescriptor(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
}

void remove_partial(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

enum class Leftover : std::uint8_t { absent, removed, held };

/** Removes a partial that nobody holds. One that cannot be opened or removed counts as held. */
Leftover remove_leftover(Kind kind, const std::string& path, const std::string& target) {
  const FileDescriptor leftover = open_existing(kind, path);
  if (!leftover.is_open()) {
    if (errno == ENOENT) return Leftover::absent;
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) throw_errno("open", target);
    return Leftover::held;
  }
  if (!try_lock(kind, leftover.get())) return Leftover::held;
  if (is_at(leftover.get(), path)) remove_partial(path);
  return is_at(leftover.get(), path) ? Leftover::held : Leftover::removed;
}

/** Makes a partial. Not open when something has this name, or has been taken for a leftover meanwhile. */
FileDescriptor create(Kind kind, const std::string& path, const std::string& target) {
  if (kind == Kind::file) {
    FileDescriptor file = create_file(path);
    if (!file.is_open() && errno != EEXIST) throw_errno("open", target);
    return file;
  }
  if (::mkdir(path.c_str(), any_folder) != 0) {
    if (errno != EEXIST) throw_errno("mkdir", target);
    return {};
  }
  FileDescriptor folder = open_existing(kind, path);
  if (!folder.is_open() && errno != ENOENT) {
    const int error = errno;
    ::rmdir(path.c_str());
    throw SystemError(error, "open", target);
  }
  return folder;
}

}  // namespace

std::string first_partial(const std::string& target) { return partial_path(target, 0); }

Claim::Claim(Kind kind, const std::string& target) : target_(target) {
  unsigned slot = 0;
  while (!fd_.is_open()) {
    path_ = partial_path(target, slot);
    fd_ = create(kind, path_, target);
    if (!fd_.is_open()) {
      if (remove_leftover(kind, path_, target) == Leftover::held) slot++;
      continue;
    }
    // Between its making and its locking another export may have taken it for a leftover. A file system that knows no
    // locks is used without.
    const bool lost = try_lock(kind, fd_.get()) ? !is_at(fd_.get(), path_) : errno == EAGAIN || errno == EACCES;
    if (lost) fd_ = FileDescriptor();
  }
  while (remove_leftover(kind, partial_path(target, ++slot), target) == Leftover::removed) continue;
}

Claim::~Claim() {
  if (fd_.is_open()) remove_partial(path_);
}

void Claim::publish() {
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw_errno("rename", target_);
  release();
}

}  // namespace spikeport
