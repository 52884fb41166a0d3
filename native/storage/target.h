#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "platform/file_descriptor.h"

namespace spikeport {

/** The bits of a mode that are permissions. */
constexpr mode_t permission_bits = 07777;

/** Who may do what with a file. */
struct Permissions {
  /** Read, write and execute for everyone, and the set-user-ID, set-group-ID and sticky bits. */
  mode_t mode;
  uid_t owner;
  gid_t group;
};

/** Where an export goes in the end. */
struct Target {
  /** The path behind all symbolic links. */
  std::string path;
  /** The path as the caller gave it, for errors. */
  std::string name;
  /** Of what is there now. */
  std::optional<Permissions> permissions;
};

/** A path behind all symbolic links, and whether anything is there. */
struct Location {
  std::string path;
  bool exists;
};

/** Finds out where a path leads. Throws where the system refuses to tell. */
Location locate(const std::string& path);

/** Finds a file's place. Throws when a folder or a device is there, or a file that may not be written. */
Target file_target(const std::string& path);

/** Finds the place of a file in an existing folder. Throws as `file_target` does. */
Target file_target(const Target& folder, const std::string& name);

/** Finds a folder's place. Throws when something else is there. */
Target folder_target(const std::string& path);

/** Makes the folders that a path lies in. */
void make_parents(const Target& target);

/** Opens the folder that a target lies in, to sync it later. */
FileDescriptor open_parent(const Target& target);

}  // namespace spikeport
