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

/** The path behind all symbolic links, of the folders in it too; what it names need not exist. */
std::string follow_links(const std::string& path) {
  fs::path place = path;
  for (int links = 0; links < most_links; links++) {
    std::error_code error;
    const fs::path existing = fs::canonical(place, error);
    if (!error) return existing.string();
    const fs::path link = fs::read_symlink(place, error);
    if (error) {
      const fs::path missing = fs::weakly_canonical(place, error);
      return error ? place.string() : missing.string();
    }
    place = place.parent_path() / link;
  }
  throw SystemError(ELOOP, "open", path);
}

/** What is at a path, if anything. */
std::optional<struct stat> status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status;
  if (errno == ENOENT) return std::nullopt;
  throw_errno("stat", path);
}

mode_t permissions(const struct stat& status) { return status.st_mode & permission_bits; }

}  // namespace

Target file_target(const std::string& path) {
  Target target{.path = follow_links(path), .mode = std::nullopt};
  if (const auto status = status_of(target.path)) {
    if (S_ISDIR(status->st_mode)) throw SystemError(EISDIR, "open", path);
    if (!S_ISREG(status->st_mode)) throw ValueError("Expected the path of a regular file but received '" + path + "'.");
    if (::access(target.path.c_str(), W_OK) != 0) throw_errno("open", path);
    target.mode = permissions(*status);
  }
  return target;
}

Target folder_target(const std::string& path) {
  // Without the slashes it may end with; the root is nothing else.
  const std::size_t length = std::max<std::size_t>(1, path.find_last_not_of('/') + 1);
  Target target{.path = follow_links(path.substr(0, length)), .mode = std::nullopt};
  if (const auto status = status_of(target.path)) {
    if (!S_ISDIR(status->st_mode)) throw SystemError(ENOTDIR, "mkdir", path);
    target.mode = permissions(*status);
  }
  return target;
}

void make_parents(const Target& target) {
  std::error_code error;
  const fs::path parent = fs::path(target.path).parent_path();
  fs::create_directories(parent, error);
  if (error) throw SystemError(error.value(), "mkdir", parent.string());
}

}  // namespace spikeport
