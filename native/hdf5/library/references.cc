#include "hdf5/library/references.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "hdf5/library/attributes.h"
#include "hdf5/library/library_type.h"

namespace spikeport::hdf5 {
namespace {

/** How many references are written at once. */
constexpr std::size_t most_at_once = 65536;

std::string from_root(const std::string& path) { return "/" + path; }

hobj_ref_t resolve(const File& file, const Reference& reference) {
  hobj_ref_t address = 0;
  file.check()(H5Rcreate(&address, file.id(), from_root(reference.target).c_str(), H5R_OBJECT, -1),
               "refer to '" + reference.target + "'");
  return address;
}

}  // namespace

void write_references(const File& file, const std::string& path, std::span<const Attribute> attributes) {
  Handle object;
  for (const auto& [name, value] : attributes) {
    const auto* reference = std::get_if<Reference>(&value);
    if (reference == nullptr) continue;
    if (!object.is_open()) {
      object = file.check()(H5Oopen(file.id(), from_root(path).c_str(), H5P_DEFAULT), H5Oclose, "open '" + path + "'");
    }
    const hobj_ref_t address = resolve(file, *reference);
    write_attribute(object.get(), name, ObjectReference{}, {}, &address, file.check());
  }
}

void write_references(const File& file, const ReferenceDataset& dataset) {
  const std::span choices = dataset.choices;
  if (choices.empty()) return;
  const Check& check = file.check();
  const std::string doing = "write dataset '" + dataset.path + "'";
  std::vector<hobj_ref_t> targets;
  targets.reserve(dataset.targets.size());
  for (const Reference& reference : dataset.targets) targets.push_back(resolve(file, reference));
  Handle open = check(H5Dopen2(file.id(), from_root(dataset.path).c_str(), H5P_DEFAULT), H5Dclose, doing);
  const Handle type = library_type(ObjectReference{}, check);
  const Handle space = library_space(dataset.shape, check);
  std::vector<hobj_ref_t> some(std::min(choices.size(), most_at_once));
  for (hsize_t first = 0; first < choices.size(); first += some.size()) {
    const std::uint64_t count = std::min<std::uint64_t>(some.size(), choices.size() - first);
    const auto to_target = [&](std::int32_t choice) { return targets[static_cast<std::size_t>(choice)]; };
    std::ranges::transform(choices.subspan(first, count), some.begin(), to_target);
    const hsize_t length = count;
    const Handle block = library_space({&count, 1}, check);
    check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &first, nullptr, &length, nullptr), doing);
    check(H5Dwrite(open.get(), type.get(), block.get(), space.get(), H5P_DEFAULT, some.data()), doing);
  }
  // Small writes are buffered, and may fail only now.
  check(H5Dclose(open.release()), doing);
}

}  // namespace spikeport::hdf5
