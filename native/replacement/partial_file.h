// A file of an export while it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "platform/file.h"
#include "platform/folder.h"
#include "replacement/claim.h"
#include "replacement/target.h"

namespace spikeport {

/** A file that appears under its name whole, or not at all. */
class PartialFile {
 public:
  explicit PartialFile(const Target& target);
  /**
   * A new file in a folder that is a partial itself: it has its name from the start, and nothing else looks for it.
   * @param name the caller's name for where it will be
   */
  static PartialFile in_partial_folder(const std::string& path, const std::string& name);

  /** The path of the partial file, before it is renamed. */
  [[nodiscard]] const std::string& path() const { return claim_ ? claim_->path() : target_.path; }
  [[nodiscard]] const platform::File& file() const { return claim_ ? claim_->partial() : file_; }
  /** The caller's name for where it will be, for errors. */
  [[nodiscard]] const std::string& target() const { return target_.name; }

  /** Puts the bytes on the disk, and has `publish` do the same with the name. */
  void make_durable();

  /** Ends writing with all that can fail before the rename. Returns its size in bytes. */
  std::uint64_t finish();
  /** Renames it over the target, if it has another name now. */
  void move();
  /** Puts the name on the disk, if that was wanted. */
  void sync_name() const;

  /** Finishes it and renames it over the target. Returns its size in bytes. */
  std::uint64_t publish();

 private:
  PartialFile(Target target, platform::File file) : target_(std::move(target)), file_(std::move(file)) {}

  /** Gives it the permissions of the file that it replaces, as far as they are right for it. */
  void keep_permissions(const platform::Status& now) const;

  Target target_;
  std::optional<Claim<platform::File>> claim_;
  /** Open only without a claim. */
  platform::File file_;
  /** The folder it is in, when its name is to be synced: opened before the rename, after which nothing may fail. */
  platform::Folder folder_;
};

}  // namespace spikeport
