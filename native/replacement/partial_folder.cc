#include "replacement/partial_folder.h"

#include <algorithm>
#include <system_error>

#include "engine/errors.h"
#include "platform/error.h"
#include "platform/lock.h"
#include "platform/paths.h"

namespace spikeport {

PartialFolder::PartialFolder(const Target& target) : target_(target) {
  if (target.permissions) {
    folder_ = platform::Folder::open(target.path, target.name);
  } else {
    make_parents(target);
    claim_.emplace(target);
  }
}

PartialFile& PartialFolder::add(const std::string& name) {
  if (is_new()) {
    const std::string path = platform::join(claim_->path(), name);
    parts_.push_back({.name = name, .file = PartialFile::in_partial_folder(path, platform::join(target_.name, name))});
  } else {
    parts_.push_back({.name = name, .file = PartialFile(file_target(target_, name))});
  }
  return parts_.back().file;
}

void PartialFolder::make_durable() {
  for (const auto& [name, file] : parts_) file.file().flush();
  if (is_new()) {
    claim_->partial().flush();
    parent_ = platform::Folder::open(platform::parent_of(target_.path), platform::parent_of(target_.name));
  }
  is_durable_ = true;
}

std::uint64_t PartialFolder::finish() {
  std::uint64_t size = 0;
  for (auto& [name, file] : parts_) size += file.finish();
  return size;
}

bool PartialFolder::publish(std::span<const std::string> remove, const std::optional<FolderEntries>& expected,
                            bool despite_lock) {
  if (is_new() && move()) {
    if (is_durable_) parent_.flush();
    return true;
  }
  if (!lock(despite_lock)) return false;
  if (expected && has_changed(remove, *expected)) throw FolderChanged();
  move_files();
  for (const std::string& name : remove) {
    const std::error_code error = folder_.remove_file(name);
    if (error && error != std::errc::no_such_file_or_directory) {
      throw SystemError(error, "unlink", platform::join(target_.name, name));
    }
  }
  folder_.unlock();
  if (is_durable_) folder_.flush();
  return true;
}

bool PartialFolder::move() {
  try {
    claim_->publish();
    return true;
  } catch (const SystemError& error) {
    if (error.code() != std::errc::directory_not_empty && error.code() != std::errc::file_exists) throw;
    folder_ = platform::Folder::open(target_.path, target_.name);
    return false;
  }
}

bool PartialFolder::lock(bool despite_lock) {
  if (folder_.lock() == platform::Lock::held && !despite_lock) return false;
  if (folder_.is_at(target_.path)) return true;
  // Another export has its new folder there: that is the one to lock.
  folder_ = platform::Folder::open(target_.path, target_.name);
  return false;
}

bool PartialFolder::has_changed(std::span<const std::string> remove, const FolderEntries& expected) const {
  const FolderEntries entries = entries_of(folder_);
  const auto goes = [&](const std::string& name) {
    return std::ranges::find(parts_, name, &Part::name) != parts_.end() ||
           std::ranges::find(remove, name) != remove.end();
  };
  return std::ranges::any_of(entries, [&](const auto& entry) {
    const auto& [name, file] = entry;
    const auto before = expected.find(name);
    if (before == expected.end() || before->second.number != file.number) return true;
    // Files that stay may be written to all the time.
    return before->second.changed != file.changed && goes(name);
  });
}

void PartialFolder::move_files() {
  // Back to back, with nothing slow between two renames.
  for (auto& [name, file] : parts_) {
    if (!claim_) {
      file.move();
    } else if (const std::error_code error = folder_.move_in(file.path(), name)) {
      throw SystemError(error, "rename", file.target());
    }
  }
  claim_.reset();
}

}  // namespace spikeport
