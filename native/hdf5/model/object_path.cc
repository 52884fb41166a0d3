#include "hdf5/model/object_path.h"

#include <algorithm>

namespace spikeport::hdf5 {

std::vector<std::string_view> names_in(std::string_view path) {
  std::vector<std::string_view> names;
  std::size_t first = 0;
  for (std::size_t end = 0; end != std::string_view::npos; first = end + 1) {
    end = path.find('/', first);
    names.push_back(path.substr(first, end - first));
  }
  return names;
}

std::vector<std::string_view> steps_in(std::string_view path) {
  auto names = names_in(path);
  std::erase_if(names, [](std::string_view name) { return name.empty() || name == "."; });
  return names;
}

std::string without_spare_slashes(std::string_view path) {
  std::string kept;
  for (const char c : path) {
    if (c != '/' || !kept.ends_with('/')) kept += c;
  }
  if (kept.size() > 1 && kept.ends_with('/')) kept.pop_back();
  return kept;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace spikeport::hdf5
