// Paths of POSIX systems.
#include "platform/paths.h"

namespace spikeport::platform {

// Not by way of std::filesystem::path, which takes longer than a system call to take a path apart.

std::string join(const std::string& folder, const std::string& name) {
  if (folder.empty() || name.starts_with('/')) return name;
  return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

std::string parent_of(const std::string& path) {
  const std::size_t last = path.find_last_of('/');
  if (last == std::string::npos) return {};
  // All separators between the two, but not those that are the root.
  const std::size_t end = path.find_last_not_of('/', last);
  return end == std::string::npos ? "/" : path.substr(0, end + 1);
}

std::string name_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

std::string without_trailing_separators(std::string path) {
  while (path.size() > 1 && (path.ends_with('/') || path.ends_with("/."))) path.pop_back();
  return path;
}

}  // namespace spikeport::platform
