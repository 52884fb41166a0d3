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
  return files_.emplace_back(file_target(place() + "/" + name));
}

std::uint64_t PartialFolder::publish(std::span<const std::string> remove, bool durable) {
  if (durable) {
    for (const PartialFile& file : files_) sync(file.fd(), file.target());
  }
  // Back to back, with nothing slow between two renames.
  std::uint64_t size = 0;
  for (PartialFile& file : files_) size += file.publish(false);
  for (const std::string& name : remove) {
    const std::string path = place() + "/" + name;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw_errno("unlink", path);
  }
  if (durable) sync_folder(place());
  if (claim_) {
    publish_folder();
    if (durable) sync_parent(target_.path);
  }
  return size;
}

void PartialFolder::publish_folder() {
  try {
    claim_->publish();
  } catch (const SystemError& error) {
    if (error.error() != ENOTEMPTY && error.error() != EEXIST) throw;
    // Another export has made the folder meanwhile: ours is the last, so ours are the files that stay.
    for (const auto& entry : std::filesystem::directory_iterator(claim_->path())) {
      const std::string path = target_.path + "/" + entry.path().filename().string();
      if (::rename(entry.path().c_str(), path.c_str()) != 0) throw_errno("rename", path);
    }
    claim_.reset();
  }
}

}  // namespace spikeport
