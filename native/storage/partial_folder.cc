#include "storage/partial_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "engine/errors.h"
#include "platform/system.h"

namespace spikeport {
namespace {

constexpr mode_t any_folder = 0777;

}  // namespace

PartialFolder::PartialFolder(const Target& target) : target_(target) {
  if (target.permissions) {
    open();
  } else {
    make_parents(target);
    claim_.emplace(Claim::Kind::folder, target, any_folder);
  }
}

void PartialFolder::open() {
  folder_ = Folder(open_folder(target_.path, target_.name));
  if (!folder_.is_open()) throw_errno("open", target_.name);
}

PartialFile& PartialFolder::add(const std::string& name) {
  if (is_new()) {
    const std::string path = claim_->path() + "/" + name;
    parts_.push_back({.name = name, .file = PartialFile::in_partial_folder(path, target_.name + "/" + name)});
  } else {
    parts_.push_back({.name = name, .file = PartialFile(file_target(target_, name))});
  }
  return parts_.back().file;
}

void PartialFolder::make_durable() {
  for (const auto& [name, file] : parts_) sync(file.fd(), file.target());
  if (is_new()) {
    sync_folder(claim_->fd(), target_.name);
    parent_ = open_parent(target_);
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
    if (is_durable_) sync_folder(parent_.get(), target_.name);
    return true;
  }
  if (!lock(despite_lock)) return false;
  if (expected && has_changed(remove, *expected)) throw FolderChanged();
  move_files();
  for (const std::string& name : remove) {
    if (::unlinkat(folder_.fd(), name.c_str(), 0) != 0 && errno != ENOENT) {
      throw_errno("unlink", target_.name + "/" + name);
    }
  }
  system::unlock_folder(folder_.fd());
  if (is_durable_) sync_folder(folder_.fd(), target_.name);
  return true;
}

bool PartialFolder::move() {
  try {
    claim_->publish();
    return true;
  } catch (const SystemError& error) {
    if (error.error() != ENOTEMPTY && error.error() != EEXIST) throw;
    open();
    return false;
  }
}

bool PartialFolder::lock(bool despite_lock) {
  if (!system::lock_folder(folder_.fd()) && system::is_locked_elsewhere(errno) && !despite_lock) return false;
  if (is_at(folder_.fd(), target_.path, target_.name)) return true;
  // Another export has its new folder there: that is the one to lock.
  open();
  return false;
}

bool PartialFolder::has_changed(std::span<const std::string> remove, const FolderEntries& expected) const {
  const FolderEntries entries = folder_.entries(target_.name);
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
    } else if (::renameat(AT_FDCWD, file.path().c_str(), folder_.fd(), name.c_str()) != 0) {
      throw_errno("rename", file.target());
    }
  }
  claim_.reset();
}

}  // namespace spikeport
