// Where paths lead once symbolic links are followed.
#pragma once

#include <optional>
#include <string>

#include "platform/entry.h"

namespace spikeport::platform {

/** A path without symbolic links, and what is there, if anything. */
struct Place {
  std::string path;
  std::optional<Status> status;
};

/** What a path is resolved for: the call that would fail, and the caller's name for the path. */
struct Purpose {
  const char* call;
  const std::string& name;
};

/**
 * Follows all symbolic links of an absolute path, on Windows junctions, too. It need not exist: folders may be missing,
 * but not before a `..`. Throws a SystemError where the system refuses to look, or a link leads round in a circle.
 */
[[nodiscard]] Place resolve(const std::string& path, const Purpose& purpose);

/** The same for an entry of a folder whose path has no symbolic links. */
[[nodiscard]] Place resolve(const std::string& folder, const std::string& entry, const Purpose& purpose);

}  // namespace spikeport::platform
