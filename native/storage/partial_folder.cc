#include "storage/partial_folder.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "errors.h"
#include "storage/file_descriptor.h"

namespace spikeport {

PartialFolder::PartialFolder(const Target& target) : target_(target) {
  if (target.mode) return;
  make_parents(target);
  claim_.emplace(Claim::Kind::folder, target.path);
}

PartialFile& PartialFolder::add(const std::string& name) {
  const std::string path = place() + "/" + name;
  if (claim_) return files_.emplace_back(PartialFile::in_partial_folder(path));
  return files_.emplace_back(file_target(path));
}

void PartialFolder::make_durable() {
  for (const PartialFile& file : files_) sync(file.fd(), file.target());
  changed_.push_back(open_folder(place()));
  if (claim_) changed_.push_back(open_parent(target_.path));
}

std::uint64_t PartialFolder::publish(std::span<const std::string> remove) {
  // Back to back, with nothing slow between two renames.
  std::uint64_t size = 0;
  for (PartialFile& file : files_) size += file.publish();
  if (claim_) publish_folder();
  for (const std::string& name : remove) {
    const std::string path = target_.path + "/" + name;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw_errno("unlink", path);
  }
  for (const FileDescriptor& folder : changed_) sync_folder(folder.get(), target_.path);
  return size;
}

void PartialFolder::publish_folder() {
  try {
    claim_->publish();
  } catch (const SystemError& error) {
    if (error.error() != ENOTEMPTY && error.error() != EEXIST) throw;
    // Another export has made the folder meanwhile: ours is the last, so ours are the files that stay.
    if (!changed_.empty()) changed_.push_back(open_folder(target_.path));
    for (const PartialFile& file : files_) {
      const std::string name = std::filesystem::path(file.target()).filename().string();
      const std::string path = target_.path + "/" + name;
      if (::rename(file.target().c_str(), path.c_str()) != 0) throw_errno("rename", path);
    }
    claim_.reset();
  }
}

}  // namespace spikeport
