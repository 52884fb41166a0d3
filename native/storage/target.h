#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace spikeport {

/** The bits of a mode that say who may do what. */
constexpr mode_t permission_bits = 07777;

/** Where an export goes in the end. */
struct Target {
  /** The path behind all symbolic links, absolute. */
  std::string path;
  /** Permissions of what is there now. */
  std::optional<mode_t> mode;
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

/** Finds a folder's place. Throws when something else is there. */
Target folder_target(const std::string& path);

/** Makes the folders that a path lies in. */
void make_parents(const Target& target);

}  // namespace spikeport
