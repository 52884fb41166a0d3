#include "storage/target.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "engine/errors.h"
#include "platform/file_descriptor.h"

namespace spikeport {
namespace {

namespace fs = std::filesystem;

/** The most links that Linux follows. */
constexpr int most_links = 40;

/** A path, and what is there, if anything. */
struct Place {
  fs::path path;
  std::optional<struct stat> status;
};

/** What a path is resolved for: the call that would fail, and the caller's name for the path. */
struct Purpose {
  const char* call;
  const std::string& name;
};

/** What is at a path, links not followed. */
Place place_at(fs::path path, const Purpose& purpose) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return {std::move(path), status};
  if (errno != ENOENT) throw_errno("stat", purpose.name);
  return {std::move(path), std::nullopt};
}

/** The same place, without symbolic links among the folders above it. Folders may be missing, but not below a `..`. */
fs::path in_real_folder(const fs::path& place, const Purpose& purpose) {
  std::error_code error;
  fs::path folder = fs::canonical(place.parent_path(), error);
  fs::path rest = place.filename();
  for (fs::path above = place.parent_path(); error.value() == ENOENT && above.has_relative_path();) {
    if (above.filename() != ".") rest = above.filename() / rest;
    above = above.parent_path();
    folder = fs::canonical(above, error);
    // The system finds nothing above a folder that is not there.
    if (!error && std::ranges::find(rest, fs::path("..")) != rest.end())
      throw SystemError(ENOENT, purpose.call, purpose.name);
  }
  if (error) throw SystemError(error.value(), "stat", purpose.name);
  return folder / rest;
}

/** What is behind all symbolic links; it need not exist. */
Place follow_links(Place place, const Purpose& purpose) {
  for (int links = 0; links < most_links; links++) {
    if (!place.status || !S_ISLNK(place.status->st_mode)) return place;
    std::error_code error;
    const fs::path link = fs::read_symlink(place.path, error);
    if (error) throw SystemError(error.value(), "readlink", purpose.name);
    place = place_at(in_real_folder(place.path.parent_path() / link, purpose), purpose);
  }
  throw SystemError(ELOOP, purpose.call, purpose.name);
}

Place find(const std::string& path, const Purpose& purpose) {
  return follow_links(place_at(in_real_folder(path, purpose), purpose), purpose);
}

Target target_at(const Place& place, const std::string& name) {
  Target target{.path = place.path.string(), .name = name, .permissions = std::nullopt};
  if (const auto& status = place.status) {
    target.permissions = {.mode = status->st_mode & permission_bits, .owner = status->st_uid, .group = status->st_gid};
  }
  return target;
}

Target file_at(const Place& place, const std::string& name) {
  if (place.status) {
    if (S_ISDIR(place.status->st_mode)) throw SystemError(EISDIR, "open", name);
    if (!S_ISREG(place.status->st_mode)) throw TargetError("the path of a regular file", name);
    if (::access(place.path.c_str(), W_OK) != 0) {
      if (errno != ENOENT) throw_errno("open", name);
      // Another export to the folder has removed it meanwhile.
      return target_at({place.path, std::nullopt}, name);
    }
  }
  return target_at(place, name);
}

}  // namespace

Location locate(const std::string& path) {
  const Place place = find(path, {.call = "stat", .name = path});
  return {.path = place.path.string(), .exists = place.status.has_value()};
}

Target file_target(const std::string& path) {
  const Place place = find(path, {.call = "open", .name = path});
  // As the system says of `file/.` where there is no such folder.
  if (!place.status && fs::path(path).filename() == ".") throw SystemError(ENOENT, "open", path);
  return file_at(place, path);
}

Target file_target(const Target& folder, const std::string& name) {
  const std::string path = folder.name + "/" + name;
  const Purpose purpose{.call = "open", .name = path};
  return file_at(follow_links(place_at(fs::path(folder.path) / name, purpose), purpose), path);
}

Target folder_target(const std::string& path) {
  std::string name = path;
  while (name.size() > 1 && (name.ends_with('/') || name.ends_with("/."))) name.pop_back();
  const Place place = find(name, {.call = "mkdir", .name = name});
  if (place.status && !S_ISDIR(place.status->st_mode)) throw SystemError(ENOTDIR, "mkdir", name);
  return target_at(place, name);
}

void make_parents(const Target& target) {
  std::error_code error;
  fs::create_directories(fs::path(target.path).parent_path(), error);
  if (error) throw SystemError(error.value(), "mkdir", fs::path(target.name).parent_path().string());
}

FileDescriptor open_parent(const Target& target) {
  return open_folder(fs::path(target.path).parent_path().string(), fs::path(target.name).parent_path().string());
}

}  // namespace spikeport
