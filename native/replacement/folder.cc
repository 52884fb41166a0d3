#include "replacement/folder.h"

#include <stdexcept>
#include <system_error>
#include <utility>

#include "platform/error.h"
#include "platform/lock.h"
#include "replacement/claim.h"

namespace spikeport {

FolderEntries entries_of(const platform::Folder& folder) {
  FolderEntries entries;
  folder.visit_entries([&](const std::string& name, std::uint64_t number) {
    if (!is_partial_name(name)) entries.emplace(name, FolderEntry{number, folder.last_change(name)});
  });
  return entries;
}

std::optional<FolderEntries> entries_at(const std::string& path, bool despite_lock) {
  std::error_code error;
  const auto folder = platform::Folder::open(path, path, error, platform::Links::follow);
  if (!folder.is_open()) {
    if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) return FolderEntries();
    throw SystemError(error, "scandir", path);
  }
  if (folder.share() == platform::Lock::held && !despite_lock) return std::nullopt;
  return entries_of(folder);
}

std::string text_of(const FolderEntries& entries) {
  std::string text;
  for (const auto& [name, file] : entries) {
    text += name + '\0' + std::to_string(file.number) + ':' + std::to_string(file.changed) + '\0';
  }
  return text;
}

FolderEntries entries_in(std::string_view text) {
  FolderEntries entries;
  const auto part_before = [&text](char end) {
    const std::size_t size = text.find(end);
    if (size == std::string_view::npos) throw std::invalid_argument("Expected the entries of a folder.");
    std::string part(text.substr(0, size));
    text.remove_prefix(size + 1);
    return part;
  };
  while (!text.empty()) {
    std::string name = part_before('\0');
    const std::uint64_t number = std::stoull(part_before(':'));
    entries.emplace(std::move(name), FolderEntry{number, std::stoll(part_before('\0'))});
  }
  return entries;
}

}  // namespace spikeport
