// The files of an export to a folder while they are written.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>

#include "platform/folder.h"
#include "replacement/claim.h"
#include "replacement/folder.h"
#include "replacement/partial_file.h"
#include "replacement/target.h"

namespace spikeport {

/**
 * Files of a folder that appear together: a new folder by one rename; in a folder that is there, one file after the
 * other, last of all, while no other export does the same. A crash between two of those renames can leave new files
 * beside old ones.
 *
 * The folder itself is locked for that long (platform/lock.h). A file system without such locks is used without.
 */
class PartialFolder {
 public:
  /** Makes the folders above it. */
  explicit PartialFolder(const Target& target);

  /** Adds a file; it stays where it is in memory. */
  PartialFile& add(const std::string& name);

  /** Puts the bytes on the disk, and has `publish` do the same with the names. */
  void make_durable();

  /** Ends all files with all that can fail before the first rename. Returns their size in bytes. */
  std::uint64_t finish();

  /**
   * Renames everything to its place and removes the files named, if there.
   *
   * @param expected what the folder held when it was decided what to remove; if since then a file is new or another
   * one, or one that is replaced or removed was written to, it throws FolderChanged and has done nothing
   * @param despite_lock whether a lock that another has on the folder is of no matter
   * @return false, having done nothing, while another export is at it: call it again
   */
  [[nodiscard]] bool publish(std::span<const std::string> remove, const std::optional<FolderEntries>& expected,
                             bool despite_lock);

 private:
  struct Part {
    std::string name;
    PartialFile file;
  };

  [[nodiscard]] bool is_new() const { return !folder_.is_open(); }
  /** Renames the partial folder to its place. False when something has come there meanwhile. */
  [[nodiscard]] bool move();
  [[nodiscard]] bool lock(bool despite_lock);
  [[nodiscard]] bool has_changed(std::span<const std::string> remove, const FolderEntries& expected) const;
  void move_files();

  Target target_;
  /** Only while the folder is new. */
  std::optional<Claim<platform::Folder>> claim_;
  /** Only when it is there. */
  platform::Folder folder_;
  /** The folder above a new one, when its name is to be synced. */
  platform::Folder parent_;
  std::deque<Part> parts_;
  bool is_durable_ = false;
};

}  // namespace spikeport
