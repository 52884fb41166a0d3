// What a folder holds, as far as an export to it has to know.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "platform/folder.h"

namespace spikeport {

/** The file that a name stands for: its number, and when it was last written to or changed otherwise, in ns. */
struct FolderEntry {
  std::uint64_t number;
  std::int64_t changed;

  bool operator==(const FolderEntry&) const = default;
};

/** The entries of a folder, by name, without partial files. */
using FolderEntries = std::map<std::string, FolderEntry, std::less<>>;

/** What is in an open folder now. */
FolderEntries entries_of(const platform::Folder& folder);

/**
 * What is in the folder at a path, between two exports to it; nothing where there is no folder. Throws where that
 * cannot be found out.
 * @param despite_lock whether a lock that another has on the folder is of no matter
 * @return nullopt while an export replaces files there
 */
std::optional<FolderEntries> entries_at(const std::string& path, bool despite_lock);

/**
 * Entries as a text for JavaScript, which compares it and finds the names in it. Each entry is its name, a NUL, its
 * numbers, and another NUL, which no system allows in a name.
 */
std::string text_of(const FolderEntries& entries);
FolderEntries entries_in(std::string_view text);

}  // namespace spikeport
