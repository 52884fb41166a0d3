// Where an export's file or folder goes, and whether it may go there.
#pragma once

#include <optional>
#include <string>

#include "platform/entry.h"

namespace spikeport {

/** Where an export goes in the end. */
struct Target {
  /** The path without symbolic links. */
  std::string path;
  /** The path as the caller gave it, for errors. */
  std::string name;
  /** Of what is there now. */
  std::optional<platform::Permissions> permissions;
};

/** A path without symbolic links, and whether anything is there. */
struct Location {
  std::string path;
  bool exists;
};

/** Finds out where a path leads. Throws where the system refuses to look. */
Location locate(const std::string& path);

/** Finds a file's place. Throws when a folder or a device is there, or a file that may not be written. */
Target file_target(const std::string& path);

/** Finds the place of a file in an existing folder. Throws as `file_target` does. */
Target file_target(const Target& folder, const std::string& name);

/** Finds a folder's place. Throws when something else is there. */
Target folder_target(const std::string& path);

/** Makes the folders that a target lies in, as far as they are missing. */
void make_parents(const Target& target);

}  // namespace spikeport
