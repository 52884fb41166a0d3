#pragma once

#include <cstdint>
#include <string>

#include "storage/claim.h"
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

  /**
   * Renames it over the target, whose permissions it keeps; `durable` also syncs the file and its folder.
   * @return its size in bytes
   */
  std::uint64_t publish(bool durable);

 private:
  Target target_;
  Claim claim_;
};

}  // namespace spikeport
