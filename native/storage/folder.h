#pragma once

#include <dirent.h>
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "storage/file_descriptor.h"

namespace spikeport {

/** The entries of a folder: the number of the file that each name stands for. */
using FolderEntries = std::map<std::string, std::uint64_t, std::less<>>;

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
 * @return nullopt while an export replaces files there
 */
std::optional<FolderEntries> entries_at(const std::string& path);

}  // namespace spikeport
