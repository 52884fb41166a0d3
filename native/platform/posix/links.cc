// Symbolic links of POSIX systems.
#include "platform/links.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "platform/error.h"

namespace spikeport::platform {
namespace {

namespace fs = std::filesystem;

/** The most links that Linux follows. */
constexpr int most_links = 40;

/** What is at a path, links not followed. */
Place place_at(const fs::path& path, const Purpose& purpose) {
  std::error_code error;
  Place place{.path = path.string(), .status = status_at(path.string(), error)};
  if (error && error != std::errc::no_such_file_or_directory) throw SystemError(error, "stat", purpose.name);
  return place;
}

/** The same place, without symbolic links among the folders above it. Folders may be missing, but not before a `..`. */
fs::path in_real_folder(const fs::path& place, const Purpose& purpose) {
  std::error_code error;
  fs::path folder = fs::canonical(place.parent_path(), error);
  fs::path rest = place.filename();
  for (fs::path above = place.parent_path();
       error == std::errc::no_such_file_or_directory && above.has_relative_path();) {
    if (above.filename() != ".") rest = above.filename() / rest;
    above = above.parent_path();
    folder = fs::canonical(above, error);
    // The system finds nothing above a folder that is not there.
    if (!error && std::ranges::find(rest, fs::path("..")) != rest.end())
      throw SystemError(std::errc::no_such_file_or_directory, purpose.call, purpose.name);
  }
  if (error) throw SystemError(error, "stat", purpose.name);
  return folder / rest;
}

Place follow_links(Place place, const Purpose& purpose) {
  for (int links = 0; links < most_links; links++) {
    if (!place.status || place.status->kind != EntryKind::link) return place;
    std::error_code error;
    const fs::path link = fs::read_symlink(place.path, error);
    if (error) throw SystemError(error, "readlink", purpose.name);
    place = place_at(in_real_folder(fs::path(place.path).parent_path() / link, purpose), purpose);
  }
  throw SystemError(std::errc::too_many_symbolic_link_levels, purpose.call, purpose.name);
}

}  // namespace

Place resolve(const std::string& path, const Purpose& purpose) {
  return follow_links(place_at(in_real_folder(path, purpose), purpose), purpose);
}

Place resolve(const std::string& folder, const std::string& entry, const Purpose& purpose) {
  return follow_links(place_at(fs::path(folder) / entry, purpose), purpose);
}

}  // namespace spikeport::platform
