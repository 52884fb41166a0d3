#include "storage/claim.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <string_view>
#include <utility>

#include "engine/errors.h"
#include "platform/system.h"
#include "storage/folder.h"

namespace spikeport {
namespace {

namespace fs = std::filesystem;
using Kind = Claim::Kind;

constexpr std::size_t longest_name = 255;
constexpr std::string_view mark = ".spikeport-";
constexpr std::string_view ending = ".partial";

std::string partial_path(const std::string& target, unsigned slot) {
  const fs::path place(target);
  const std::string suffix = std::string(mark) + std::to_string(slot) + std::string(ending);
  std::string name = place.filename().string();
  if (name.size() <= longest_name && name.size() + suffix.size() + 1 > longest_name) {
    name = "long-name-" + std::to_string(std::hash<std::string>{}(name));
  }
  return (place.parent_path() / ("." + name + suffix)).string();
}

/** Locks an open partial for as long as it is open. False when another export holds it, or for the reason in `errno`.
 */
bool try_lock(Kind kind, int fd) { return kind == Kind::file ? system::lock_file(fd) : system::lock_folder(fd); }

FileDescriptor open_existing(Kind kind, const std::string& path) {
  const int flags = kind == Kind::file ? O_RDWR : O_RDONLY | O_DIRECTORY;
  return FileDescriptor(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
}

/** Removes a partial, which the descriptor holds until it is gone: a folder of files, without another descriptor. */
void remove_partial(Kind kind, const std::string& path, FileDescriptor fd) {
  if (kind == Kind::file) {
    ::unlink(path.c_str());
    return;
  }
  const Folder folder(std::move(fd));
  if (!folder.is_open()) return;
  try {
    for (const auto& [name, number] : folder.entries(path)) ::unlinkat(folder.fd(), name.c_str(), 0);
  } catch (const std::exception&) {
    // What is left of it is a leftover for the next export.
    return;
  }
  ::rmdir(path.c_str());
}

enum class Leftover : std::uint8_t {
  absent,
  removed,
  held,
  /** There is no descriptor to find that out with: `errno` says why. */
  unknown,
};

/** Removes a partial that nobody holds. One that cannot be opened or removed counts as held. */
Leftover remove_leftover(Kind kind, const std::string& path, const std::string& name) {
  FileDescriptor leftover = open_existing(kind, path);
  if (!leftover.is_open()) {
    if (errno == ENOENT) return Leftover::absent;
    return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? Leftover::unknown : Leftover::held;
  }
  if (!try_lock(kind, leftover.get())) return Leftover::held;
  // Another export may have removed it meanwhile, and made its own.
  if (!is_at(leftover.get(), path, name)) return Leftover::removed;
  remove_partial(kind, path, std::move(leftover));
  return ::access(path.c_str(), F_OK) == 0 ? Leftover::held : Leftover::removed;
}

/** Makes a partial. Not open when something has this name, or has been taken for a leftover meanwhile. */
FileDescriptor create(Kind kind, const std::string& path, const std::string& name, mode_t mode) {
  if (kind == Kind::file) {
    FileDescriptor file = create_file(path, mode);
    if (!file.is_open() && errno != EEXIST) throw_errno("open", name);
    return file;
  }
  if (::mkdir(path.c_str(), mode) != 0) {
    if (errno != EEXIST) throw_errno("mkdir", name);
    return {};
  }
  FileDescriptor folder = open_existing(kind, path);
  if (!folder.is_open() && errno != ENOENT) {
    const int error = errno;
    ::rmdir(path.c_str());
    throw SystemError(error, "open", name);
  }
  return folder;
}

}  // namespace

std::string first_partial(const std::string& target) { return partial_path(target, 0); }

bool is_partial_name(std::string_view name) {
  return name.starts_with('.') && name.ends_with(ending) && name.find(mark) != std::string_view::npos;
}

Claim::Claim(Kind kind, const Target& target) : kind_(kind), target_(target.path), name_(target.name) {}

// By way of another constructor, so that a failure after the partial was made removes it.
Claim::Claim(Kind kind, const Target& target, mode_t mode) : Claim(kind, target) {
  unsigned slot = 0;
  while (!fd_.is_open()) {
    path_ = partial_path(target_, slot);
    fd_ = create(kind, path_, name_, mode);
    if (!fd_.is_open()) {
      const Leftover found = remove_leftover(kind, path_, name_);
      if (found == Leftover::unknown) throw_errno("open", name_);
      if (found == Leftover::held) slot++;
      continue;
    }
    // Between its making and its locking another export may have taken it for a leftover. A file system that knows no
    // locks is used without.
    const bool lost = try_lock(kind, fd_.get()) ? !is_at(fd_.get(), path_, name_) : system::is_locked_elsewhere(errno);
    if (lost) fd_ = FileDescriptor();
  }
  while (remove_leftover(kind, partial_path(target_, ++slot), name_) == Leftover::removed) continue;
}

Claim::~Claim() {
  if (fd_.is_open()) remove_partial(kind_, path_, std::move(fd_));
}

void Claim::publish() {
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw_errno("rename", name_);
  fd_ = FileDescriptor();
}

}  // namespace spikeport
