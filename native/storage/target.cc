#include "storage/target.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "errors.h"
#include "storage/file_descriptor.h"

namespace spikeport {
namespace {

namespace fs = std::filesystem;

/** As many as Linux follows. */
constexpr int most_links = 40;

/** A path, and what is there, if anything. */
struct Place {
  std::string path;
  std::optional<struct stat> status;
};

/** The same place, without symbolic links among the folders above it. */
fs::path in_real_folder(const fs::path& place) {
  std::error_code error;
  const fs::path folder = fs::canonical(place.parent_path(), error);
  if (!error) return folder / place.filename();
  // Some of the folders are yet to be made.
  const fs::path missing = fs::weakly_canonical(place, error);
  return error ? place : missing;
}

/** What is behind all symbolic links; it need not exist. */
Place follow_links(const std::string& path) {
  fs::path place = path;
  for (int links = 0; links < most_links; links++) {
    place = in_real_folder(place);
    struct stat status {};
    if (::lstat(place.c_str(), &status) != 0) {
      if (errno == ENOENT) return {place.string(), std::nullopt};
      throw_errno("stat", place.string());
    }
    if (!S_ISLNK(status.st_mode)) return {place.string(), status};
    std::error_code error;
    const fs::path link = fs::read_symlink(place, error);
    if (error) throw SystemError(error.value(), "readlink", place.string());
    place = place.parent_path() / link;
  }
  throw SystemError(ELOOP, "open", path);
}

mode_t permissions(const struct stat& status) { return status.st_mode & permission_bits; }

}  // namespace

Location locate(const std::string& path) {
  const auto [place, status] = follow_links(path);
  return {.path = place, .exists = status.has_value()};
}

Target file_target(const std::string& path) {
  const auto [place, status] = follow_links(path);
  if (!status) return {.path = place, .mode = std::nullopt};
  if (S_ISDIR(status->st_mode)) throw SystemError(EISDIR, "open", path);
  if (!S_ISREG(status->st_mode)) throw ValueError("Expected the path of a regular file but received '" + path + "'.");
  if (::access(place.c_str(), W_OK) != 0) throw_errno("open", path);
  return {.path = place, .mode = permissions(*status)};
}

Target folder_target(const std::string& path) {
  // Without the slashes it may end with; the root is nothing else.
  const std::size_t length = std::max<std::size_t>(1, path.find_last_not_of('/') + 1);
  const auto [place, status] = follow_links(path.substr(0, length));
  if (!status) return {.path = place, .mode = std::nullopt};
  if (!S_ISDIR(status->st_mode)) throw SystemError(ENOTDIR, "mkdir", path);
  return {.path = place, .mode = permissions(*status)};
}

void make_parents(const Target& target) {
  std::error_code error;
  const fs::path parent = fs::path(target.path).parent_path();
  fs::create_directories(parent, error);
  if (error) throw SystemError(error.value(), "mkdir", parent.string());
}

}  // namespace spikeport
