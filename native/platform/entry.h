// What is at a path, be it a file, a folder or something else, and replacing it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

namespace spikeport::platform {

/** Which file it is, under any of its names: device and inode on POSIX, volume and file index on Windows. */
struct Identity {
  std::uint64_t device;
  std::uint64_t number;

  bool operator==(const Identity&) const = default;
};

/**
 * Who may do what with a file. Callers only hand them on, from the file that is replaced to the new one. Windows, where
 * a new file gets its folder's access control list, has nothing to hand on.
 */
struct Permissions {
  /** Read, write and execute for everyone, and the set-user-ID, set-group-ID and sticky bits. */
  std::uint32_t mode;
  std::uint32_t owner;
  std::uint32_t group;
};

enum class EntryKind : std::uint8_t { file, folder, link, other };

struct Status {
  EntryKind kind;
  Identity identity;
  /** Bytes of a file. */
  std::uint64_t size;
  Permissions permissions;
};

/** What is at a path, a symbolic link not followed. None, for the reason in `error`, when that cannot be found out. */
[[nodiscard]] std::optional<Status> status_at(const std::string& path, std::error_code& error);

enum class Access : std::uint8_t { find, write };

/** Why this process has no such access to what is at a path, symbolic links followed; no error when it has. */
[[nodiscard]] std::error_code access_error(const std::string& path, Access access);

/**
 * Renames a file or folder, in one step, over what has the name `to`: a file over a file, a folder over an empty
 * folder. It may be open meanwhile; Windows needs it and what it replaces to be open with FILE_SHARE_DELETE, and
 * replaces no folder at all.
 *
 * @return `directory_not_empty` or `file_exists` when there is a folder that is not replaced
 */
[[nodiscard]] std::error_code replace(const std::string& from, const std::string& to);

}  // namespace spikeport::platform
