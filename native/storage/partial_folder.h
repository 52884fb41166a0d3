#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/claim.h"
#include "storage/file_descriptor.h"
#include "storage/partial_file.h"
#include "storage/target.h"

namespace spikeport {

/**
 * Files of a folder that appear together: a new folder by one rename; in a folder that is there, one file behind the
 * other, last of all. A crash between two of those renames can leave new files beside old ones.
 */
class PartialFolder {
 public:
  /** Makes the folders above it. */
  explicit PartialFolder(const Target& target);

  /** Adds a file; it stays where it is in memory. */
  PartialFile& add(const std::string& name);

  /** Puts the bytes on the disk, and has `publish` do the same with the names. */
  void make_durable();

  /** Renames everything to its place and removes the files named, if there. Returns the size of all files in bytes. */
  std::uint64_t publish(std::span<const std::string> remove);

 private:
  [[nodiscard]] const std::string& place() const { return claim_ ? claim_->path() : target_.path; }
  void publish_folder();

  Target target_;
  /** Only while the folder is new. */
  std::optional<Claim> claim_;
  std::deque<PartialFile> files_;
  /** Folders to sync once the names in them are right. */
  std::vector<FileDescriptor> changed_;
};

}  // namespace spikeport
