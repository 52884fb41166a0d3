#include "exports/temporary_folder.h"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace spikeport::test {
namespace {

namespace fs = std::filesystem;

std::string read_bytes(const fs::path& path) {
  // In one go: for a sanitizer a byte is as much work as a block.
  std::string bytes(static_cast<std::size_t>(fs::file_size(path)), '\0');
  std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_((fs::temp_directory_path() / "spikeport-test-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw std::system_error(errno, std::generic_category(), path_);
}

TemporaryFolder::~TemporaryFolder() { remove(path_); }

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> names;
  for (const fs::path& entry : entries_of(path_)) names.push_back(entry.filename().string());
  return names;
}

void remove(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

std::string bytes_at(const std::string& path) {
  if (!fs::is_directory(path)) return read_bytes(path);
  std::string bytes;
  for (const fs::path& entry : entries_of(path)) bytes += entry.filename().string() + read_bytes(entry);
  return bytes;
}

}  // namespace spikeport::test
