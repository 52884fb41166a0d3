// Folders of POSIX systems.
#include "platform/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/error.h"
#include "platform/posix/system.h"

namespace spikeport::platform {
namespace {

constexpr mode_t any_folder_access = 0777;

DIR* stream_of(void* stream) { return static_cast<DIR*>(stream); }

int descriptor(void* stream) { return ::dirfd(stream_of(stream)); }

std::int64_t change_time(const struct stat& status) {
#ifdef __APPLE__
  return nanoseconds(status.st_ctimespec);
#else
  return nanoseconds(status.st_ctim);
#endif
}

}  // namespace

void Folder::Close::operator()(void* stream) const { ::closedir(stream_of(stream)); }

Folder Folder::create(const std::string& path, std::string name, const std::optional<Permissions>& replaced) {
  if (::mkdir(path.c_str(), first_mode(replaced, any_folder_access)) != 0) {
    if (errno != EEXIST) throw_last_error("mkdir", name);
    return {};
  }
  std::error_code error;
  Folder folder = open(path, std::move(name), error);
  if (folder.is_open() || error == std::errc::no_such_file_or_directory) return folder;
  ::rmdir(path.c_str());
  throw SystemError(error, "open", folder.name_);
}

Folder Folder::open(const std::string& path, std::string name) {
  std::error_code error;
  Folder folder = open(path, std::move(name), error);
  if (!folder.is_open()) throw SystemError(error, "open", folder.name_);
  return folder;
}

Folder Folder::open(const std::string& path, std::string name, std::error_code& error, Links links) {
  const int refusing = links == Links::refuse ? O_NOFOLLOW : 0;
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | refusing);
  DIR* const stream = fd < 0 ? nullptr : ::fdopendir(fd);
  if (stream == nullptr) {
    error = last_error();
    if (fd >= 0) ::close(fd);
  }
  return {stream, std::move(name)};
}

bool Folder::is_at(const std::string& path) const { return platform::is_at(descriptor(stream_.get()), path, name_); }

Lock Folder::lock() const { return outcome_of_lock(::flock(descriptor(stream_.get()), LOCK_EX | LOCK_NB)); }

Lock Folder::share() const { return outcome_of_lock(::flock(descriptor(stream_.get()), LOCK_SH | LOCK_NB)); }

void Folder::unlock() const { ::flock(descriptor(stream_.get()), LOCK_UN); }

void Folder::visit_entries(const std::function<void(const std::string&, std::uint64_t)>& visit) const {
  ::rewinddir(stream_of(stream_.get()));
  while (true) {
    errno = 0;
    const dirent* const entry = ::readdir(stream_of(stream_.get()));
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") visit(name, entry->d_ino);
  }
  if (errno != 0) throw_last_error("scandir", name_);
}

std::int64_t Folder::last_change(const std::string& entry) const {
  struct stat status {};
  if (::fstatat(descriptor(stream_.get()), entry.c_str(), &status, 0) != 0) {
    if (errno == ENOENT || errno == ELOOP || errno == EACCES) return 0;
    throw_last_error("stat", name_);
  }
  return change_time(status);
}

std::error_code Folder::move_in(const std::string& path, const std::string& entry) const {
  const int result = ::renameat(AT_FDCWD, path.c_str(), descriptor(stream_.get()), entry.c_str());
  return result == 0 ? std::error_code() : last_error();
}

std::error_code Folder::remove_file(const std::string& entry) const {
  return ::unlinkat(descriptor(stream_.get()), entry.c_str(), 0) == 0 ? std::error_code() : last_error();
}

void Folder::flush() const {
  if (!platform::flush(descriptor(stream_.get())) && errno != EINVAL && errno != ENOTSUP)
    throw_last_error("fsync", name_);
}

void Folder::remove(const std::string& path) const {
  try {
    std::vector<std::string> names;
    visit_entries([&names](const std::string& name, std::uint64_t /*number*/) { names.push_back(name); });
    for (const std::string& name : names) static_cast<void>(remove_file(name));
  } catch (const std::exception&) {
    return;
  }
  ::rmdir(path.c_str());
}

void make_folders(const std::string& path, const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw SystemError(error, "mkdir", name);
}

}  // namespace spikeport::platform
