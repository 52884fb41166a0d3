#include "storage/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "system.h"

namespace spikeport {

Folder::Folder(FileDescriptor fd) : stream_(::fdopendir(fd.get())) {
  if (stream_) static_cast<void>(fd.release());
}

FolderEntries Folder::entries(const std::string& name) const {
  FolderEntries entries;
  ::rewinddir(stream_.get());
  while (true) {
    errno = 0;
    const dirent* const entry = ::readdir(stream_.get());
    if (entry == nullptr) break;
    const std::string_view entry_name = entry->d_name;
    if (entry_name != "." && entry_name != "..") entries.emplace(entry_name, entry->d_ino);
  }
  if (errno != 0) throw_errno("scandir", name);
  return entries;
}

std::optional<FolderEntries> entries_at(const std::string& path) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return FolderEntries();
    throw_errno("scandir", path);
  }
  if (!system::share_folder(fd.get()) && system::is_locked_elsewhere(errno)) return std::nullopt;
  const Folder folder(std::move(fd));
  if (!folder.is_open()) throw_errno("scandir", path);
  return folder.entries(path);
}

}  // namespace spikeport
