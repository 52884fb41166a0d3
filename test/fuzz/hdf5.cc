// Random trees of datasets, texts, references, groups and links, written by both writers of HDF5 files: the library
// reads them as they were meant.
#include <algorithm>
#include <iostream>
#include <map>
#include <string>

#include "engine/errors.h"
#include "exports/library_reader.h"
#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "hdf5/export.h"
#include "hdf5_tree.h"
#include "input.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

/** Whether a failure means that no file can hold the plan. */
bool is_refusal(const std::exception_ptr& failure, bool by_library) {
  try {
    std::rethrow_exception(failure);
  } catch (const ValueError&) {
    return true;
  } catch (const Hdf5Failure&) {
    return by_library;
  } catch (const std::exception&) {
    return false;
  }
}

/** Whether an object's path leads through a link: the library follows it, and puts the object elsewhere. */
bool leads_through_link(const std::map<std::string, std::string>& content) {
  const auto is_link = [&](const std::string& path) {
    const auto entry = content.find(path);
    return entry != content.end() && entry->second.starts_with("link to ");
  };
  return std::ranges::any_of(content, [&](const auto& entry) {
    const std::string& path = entry.first;
    for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
      if (is_link(path.substr(0, end))) return true;
    }
    return false;
  });
}

void check(const Hdf5Tree& tree, const std::string& path) {
  if (leads_through_link(tree.content())) return;
  const auto found = test::read_by_library(path);
  for (const auto& [name, value] : tree.content()) {
    const auto entry = found.find(name);
    require(entry != found.end(), "'" + name + "' is missing");
    require(entry->second == value, "'" + name + "' differs");
  }
  for (const auto& [name, value] : found) {
    require(tree.content().contains(name) || value == "group", "'" + name + "' is not in the plan");
  }
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport;
  static const test::TemporaryFolder folder;
  static const std::string path = folder.at("file.h5");
  fuzz::Input input(data, size);
  const auto threads = static_cast<unsigned>(1 + input.below(3));
  const fuzz::Hdf5Tree tree(input, path);
  for (const bool by_library : {false, true}) {
    const auto failure = test::run(
        hdf5::export_job(tree.plan(), {.threads = threads}, by_library ? hdf5::Writer::library : hdf5::Writer::direct)
            .job);
    if (failure) {
      fuzz::require(fuzz::is_refusal(failure, by_library), test::message_of(failure));
    } else {
      fuzz::check(tree, path);
    }
  }
  return 0;
}
