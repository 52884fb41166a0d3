#include "replacement/target.h"

#include <system_error>

#include "engine/errors.h"
#include "platform/error.h"
#include "platform/folder.h"
#include "platform/links.h"
#include "platform/paths.h"

namespace spikeport {
namespace {

using platform::EntryKind;
using platform::Place;

Target target_at(const Place& place, const std::string& name) {
  Target target{.path = place.path, .name = name, .permissions = std::nullopt};
  if (place.status) target.permissions = place.status->permissions;
  return target;
}

Target file_at(const Place& place, const std::string& name) {
  if (!place.status) return target_at(place, name);
  if (place.status->kind == EntryKind::folder) throw SystemError(std::errc::is_a_directory, "open", name);
  if (place.status->kind != EntryKind::file) throw TargetError("the path of a regular file", name);
  const std::error_code error = platform::access_error(place.path, platform::Access::write);
  if (!error) return target_at(place, name);
  if (error != std::errc::no_such_file_or_directory) throw SystemError(error, "open", name);
  // Another export to the folder has removed it meanwhile.
  return target_at({place.path, std::nullopt}, name);
}

}  // namespace

Location locate(const std::string& path) {
  const Place place = platform::resolve(path, {.call = "stat", .name = path});
  return {.path = place.path, .exists = place.status.has_value()};
}

Target file_target(const std::string& path) {
  const Place place = platform::resolve(path, {.call = "open", .name = path});
  // The error that the system reports for `file/.` where there is no such folder.
  if (!place.status && platform::name_of(path) == ".")
    throw SystemError(std::errc::no_such_file_or_directory, "open", path);
  return file_at(place, path);
}

Target file_target(const Target& folder, const std::string& name) {
  const std::string path = platform::join(folder.name, name);
  return file_at(platform::resolve(folder.path, name, {.call = "open", .name = path}), path);
}

Target folder_target(const std::string& path) {
  const std::string name = platform::without_trailing_separators(path);
  const Place place = platform::resolve(name, {.call = "mkdir", .name = name});
  if (place.status && place.status->kind != EntryKind::folder)
    throw SystemError(std::errc::not_a_directory, "mkdir", name);
  return target_at(place, name);
}

void make_parents(const Target& target) {
  platform::make_folders(platform::parent_of(target.path), platform::parent_of(target.name));
}

}  // namespace spikeport
