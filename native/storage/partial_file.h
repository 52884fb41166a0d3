#pragma once

#include <cstdint>
#include <string>

#include "storage/claim.h"
#include "storage/file_descriptor.h"
#include "storage/target.h"

namespace spikeport {

/** A file that appears under its name whole, or not at all. */
class PartialFile {
 public:
  explicit PartialFile(const Target& target);

  /** Where the bytes go until then. */
  [[nodiscard]] const std::string& path() const { return claim_.path(); }
  [[nodiscard]] int fd() const { return claim_.fd(); }
  /** The name it will have. */
  [[nodiscard]] const std::string& target() const { return target_.path; }

  /** Puts the bytes on the disk, and has `publish` do the same with the name. */
  void make_durable();

  /** Renames it over the target, whose permissions it keeps. Returns its size in bytes. */
  std::uint64_t publish();

 private:
  Target target_;
  Claim claim_;
  /** The folder it is in, when its name is to be synced: opened before the rename, which nothing must fail behind. */
  FileDescriptor folder_;
};

}  // namespace spikeport
