#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "storage/claim.h"
#include "storage/file_descriptor.h"
#include "storage/target.h"

namespace spikeport {

/** A file that appears under its name whole, or not at all. */
class PartialFile {
 public:
  explicit PartialFile(const Target& target);
  /** A new file in a folder that is a partial itself: it has its name from the start, and nobody else looks for it. */
  static PartialFile in_partial_folder(const std::string& path);

  /** Where the bytes go until then. */
  [[nodiscard]] const std::string& path() const { return claim_ ? claim_->path() : target_.path; }
  [[nodiscard]] int fd() const { return claim_ ? claim_->fd() : fd_.get(); }
  /** The name it will have. */
  [[nodiscard]] const std::string& target() const { return target_.path; }

  /** Puts the bytes on the disk, and has `publish` do the same with the name. */
  void make_durable();

  /** Renames it over the target, whose permissions it keeps. Returns its size in bytes. */
  std::uint64_t publish();

 private:
  PartialFile(const std::string& path, FileDescriptor fd) : target_{path, std::nullopt}, fd_(std::move(fd)) {}

  Target target_;
  std::optional<Claim> claim_;
  /** Open only without a claim. */
  FileDescriptor fd_;
  /** The folder it is in, when its name is to be synced: opened before the rename, which nothing must fail behind. */
  FileDescriptor folder_;
};

}  // namespace spikeport
