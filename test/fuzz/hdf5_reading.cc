// HDF5 files of every layout and type, a few bytes of the data of each changed: readers refuse them or read something,
// and nothing else.
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "hdf5/library/error.h"
#include "hdf5/reading/description.h"
#include "hdf5/reading/stored_dataset.h"
#include "hdf5_files.h"
#include "hdf5_readers.h"
#include "input.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

using hdf5::Handle;
using hdf5::OpenFile;

/** Bytes of a file that are data, and not structure. */
struct Region {
  std::size_t offset;
  std::size_t size;
};

/** A file to start from. */
struct Seed {
  std::string bytes;
  std::vector<Region> data;
};

/** Adds where the elements of a dataset, or its chunks, are. */
void add_regions(const OpenFile& file, const std::string& path, std::vector<Region>& regions) {
  const hdf5::StoredDataset dataset = hdf5::open_dataset(file, path);
  if (dataset.offset) regions.push_back({*dataset.offset, dataset.count() * dataset.type.size});
  if (dataset.layout != hdf5::StoredDataset::Layout::chunked) return;
  const Handle space(H5Dget_space(dataset.handle.get()), H5Sclose);
  hsize_t count = 0;
  H5Dget_num_chunks(dataset.handle.get(), space.get(), &count);
  for (hsize_t i = 0; i < count; i++) {
    std::array<hsize_t, H5S_MAX_RANK> corner{};
    unsigned mask = 0;
    haddr_t offset = 0;
    hsize_t size = 0;
    H5Dget_chunk_info(dataset.handle.get(), space.get(), i, corner.data(), &mask, &offset, &size);
    regions.push_back({offset, size});
  }
}

std::vector<Region> regions_of(const std::string& path) {
  std::vector<Region> regions;
  OpenFile file(path, "seed");
  while (file.open_some()) continue;
  std::vector<std::string> groups{"/", "/units"};
  for (const std::string& group_path : groups) {
    if (!file.find(group_path)) continue;
    for (const std::string& name : names_in(file, group_path)) {
      const std::string child = (group_path == "/" ? "/" : group_path + "/") + name;
      if (name == "external") continue;
      const auto address = file.find(child);
      if (address && file.check_object(*address, child).kind == hdf5::structure::ObjectKind::dataset) {
        add_regions(file, child, regions);
      }
    }
  }
  return regions;
}

const std::vector<Seed>& seeds(const test::TemporaryFolder& folder) {
  static const std::vector<Seed> written = [&] {
    std::vector<Seed> files;
    const auto failure = on_hdf5_thread([&] {
      hdf5::initialize();
      for (std::size_t i = 0; i < 2 * data_kinds; i++) {
        const std::string path = folder.at("seed" + std::to_string(i) + ".h5");
        write_file(path, i >= data_kinds, i % data_kinds);
        files.push_back({test::bytes_at(path), regions_of(path)});
        require(!files.back().data.empty(), "a file without data");
      }
    });
    require(!failure, test::message_of(failure));
    return files;
  }();
  return written;
}

/** Changes bytes of the data, or cuts the file off. */
std::string changed(const Seed& seed, Input& input) {
  std::string bytes = seed.bytes;
  while (!input.is_empty()) {
    const Region& region = seed.data[input.below(seed.data.size())];
    const std::size_t at = region.offset + input.below(65536) % region.size;
    const std::size_t end = std::min(region.offset + region.size, bytes.size());
    switch (input.below(16)) {
      case 0:
        bytes.resize(std::min(bytes.size(), at));
        break;
      case 1: {
        const auto number = input.any<std::uint64_t>();
        for (std::size_t i = 0; i < sizeof number && at + i < end; i++)
          bytes[at + i] = static_cast<char>(number >> 8 * i);
        break;
      }
      default:
        if (at < end) bytes[at] = static_cast<char>(input.any<std::uint8_t>());
    }
  }
  return bytes;
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport;
  static const test::TemporaryFolder folder;
  fuzz::Input input(data, size);
  const auto& seeds = fuzz::seeds(folder);
  const fuzz::Seed& seed = seeds[input.below(seeds.size())];
  fuzz::read_as_file(folder, fuzz::changed(seed, input));
  return 0;
}
