#include "storage/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "platform/system.h"
#include "storage/claim.h"

namespace spikeport {
namespace {

/** When a file was last changed, links followed. 0 where nothing is at the name any more, or behind it. */
std::int64_t last_change(int folder, const char* entry, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder, entry, &status, 0) != 0) {
    if (errno == ENOENT || errno == ELOOP || errno == EACCES) return 0;
    throw_errno("stat", name);
  }
  return system::change_time(status);
}

}  // namespace

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
    if (entry_name == "." || entry_name == ".." || is_partial_name(entry_name)) continue;
    entries.emplace(entry_name, FolderEntry{entry->d_ino, last_change(fd(), entry->d_name, name)});
  }
  if (errno != 0) throw_errno("scandir", name);
  return entries;
}

std::optional<FolderEntries> entries_at(const std::string& path, bool despite_lock) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return FolderEntries();
    throw_errno("scandir", path);
  }
  if (!system::share_folder(fd.get()) && system::is_locked_elsewhere(errno) && !despite_lock) return std::nullopt;
  const Folder folder(std::move(fd));
  if (!folder.is_open()) throw_errno("scandir", path);
  return folder.entries(path);
}

std::string text_of(const FolderEntries& entries) {
  std::string text;
  for (const auto& [name, file] : entries) {
    text += name + '/' + std::to_string(file.number) + ':' + std::to_string(file.changed) + '/';
  }
  return text;
}

FolderEntries entries_in(std::string_view text) {
  FolderEntries entries;
  const auto part_before = [&text](char end) {
    std::string part(text.substr(0, text.find(end)));
    text.remove_prefix(part.size() + 1);
    return part;
  };
  while (!text.empty()) {
    std::string name = part_before('/');
    const std::uint64_t number = std::stoull(part_before(':'));
    entries.emplace(std::move(name), FolderEntry{number, std::stoll(part_before('/'))});
  }
  return entries;
}

}  // namespace spikeport
