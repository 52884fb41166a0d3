#pragma once

#include <dirent.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/file_descriptor.h"

namespace spikeport {

/** The file that a name stands for: its number, and when it was last written to or changed otherwise, in ns. */
struct FolderEntry {
  std::uint64_t number;
  std::int64_t changed;

  bool operator==(const FolderEntry&) const = default;
};

/** The entries of a folder, by name, without partial files. */
using FolderEntries = std::map<std::string, FolderEntry, std::less<>>;

/** An open folder. Its entries are read without another descriptor: the last one may be in use. */
class Folder {
 public:
  Folder() = default;
  /** Takes over an open folder. Not open when there is not enough memory for that. */
  explicit Folder(FileDescriptor fd);

  [[nodiscard]] bool is_open() const { return stream_ != nullptr; }
  [[nodiscard]] int fd() const { return ::dirfd(stream_.get()); }

  /** What is in it now. Throws a SystemError that calls it `name`. */
  [[nodiscard]] FolderEntries entries(const std::string& name) const;

 private:
  struct Close {
    void operator()(DIR* stream) const { ::closedir(stream); }
  };
  std::unique_ptr<DIR, Close> stream_;
};

/**
 * What is in the folder at a path, between two exports to it; nothing where there is no folder. Throws where that
 * cannot be found out.
 * @param despite_lock whether a lock that another has on the folder is of no matter
 * @return nullopt while an export replaces files there
 */
std::optional<FolderEntries> entries_at(const std::string& path, bool despite_lock);

/** Entries as a text for JavaScript, which compares it and finds the names in it: each with a slash, as its numbers. */
std::string text_of(const FolderEntries& entries);
FolderEntries entries_in(std::string_view text);

}  // namespace spikeport
