// Paths of POSIX systems.
#include "platform/paths.h"

#include <filesystem>

namespace spikeport::platform {

namespace fs = std::filesystem;

std::string join(const std::string& folder, const std::string& name) { return (fs::path(folder) / name).string(); }

std::string parent_of(const std::string& path) { return fs::path(path).parent_path().string(); }

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

std::string without_trailing_separators(std::string path) {
  while (path.size() > 1 && (path.ends_with('/') || path.ends_with("/."))) path.pop_back();
  return path;
}

}  // namespace spikeport::platform
