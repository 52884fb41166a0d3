// HDF5 files of every layout, type and structure, a few bytes of each changed: readers refuse them or read something,
// and nothing else.
//
// The library under the readers is not ours. Texts of variable length are left out: HDF5 1.10.8 reads past the end of a
// damaged global heap (docs/reliability.md).
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "engine/errors.h"
#include "engine/thread_pool.h"
#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "hdf5/library/error.h"
#include "hdf5/reading/description.h"
#include "hdf5/reading/raster_reader.h"
#include "hdf5/reading/read_job.h"
#include "hdf5/reading/stored_dataset.h"
#include "hdf5/reading/stored_units.h"
#include "hdf5/reading/texts.h"
#include "input.h"
#include "platform/error.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

using hdf5::Handle;
using hdf5::OpenFile;

/** What a file says that it holds beyond this is not tried: an array as long would be the caller's. */
constexpr std::uint64_t most_elements = std::uint64_t{1} << 20U;

/** How many objects of a file are looked at. */
constexpr std::size_t most_objects = 64;

/** Runs work on the HDF5 thread. */
std::exception_ptr on_hdf5_thread(std::function<void()> work) {
  return test::run(std::make_shared<Job>(
      std::vector<Stage>{{.threads = hdf5_thread(), .work = [work = std::move(work)](Job&, unsigned) {
                            work();
                            return false;
                          }}}));
}

/** Whether readers may fail with this: a file that is refused, and never anything unexpected. */
void require_refusal(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const FormatError&) {
  } catch (const SystemError&) {
  } catch (const std::bad_alloc&) {
  } catch (const std::exception& error) {
    require(false, std::string("unexpected: ") + error.what());
  }
}

// Files to start from.

struct DatasetKind {
  hid_t type;
  std::vector<hsize_t> shape;
  /** Empty for a contiguous one. */
  std::vector<hsize_t> chunk;
  bool deflate = false;
  bool shuffle = false;
  bool fletcher32 = false;
  bool is_compact = false;
};

void add_dataset(hid_t parent, const char* name, const DatasetKind& kind) {
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  if (!kind.chunk.empty()) H5Pset_chunk(properties.get(), static_cast<int>(kind.chunk.size()), kind.chunk.data());
  if (kind.shuffle) H5Pset_shuffle(properties.get());
  if (kind.deflate) H5Pset_deflate(properties.get(), 4);
  if (kind.fletcher32) H5Pset_fletcher32(properties.get());
  if (kind.is_compact) H5Pset_layout(properties.get(), H5D_COMPACT);
  std::vector<hsize_t> most = kind.shape;
  if (!kind.chunk.empty()) most[0] = H5S_UNLIMITED;
  const Handle space(H5Screate_simple(static_cast<int>(kind.shape.size()), kind.shape.data(), most.data()), H5Sclose);
  const Handle dataset(H5Dcreate2(parent, name, kind.type, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                       H5Dclose);
  std::size_t count = 1;
  for (const hsize_t length : kind.shape) count *= length;
  std::vector<double> numbers(count);
  for (std::size_t i = 0; i < count; i++) numbers[i] = static_cast<double>(i % 5);
  H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data());
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), 6);
  return type;
}

void add_texts(hid_t parent, const char* name) {
  const Handle type = text_type();
  const hsize_t count = 3;
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle dataset(H5Dcreate2(parent, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                       H5Dclose);
  const std::array<char, 18> texts{'a', 'b', 'c', 0, 0, 0, 'd'};
  H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data());
}

void add_attributes(hid_t object) {
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  const double number = 1.5;
  const Handle attribute(H5Acreate2(object, "length_ms", H5T_IEEE_F64BE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  H5Awrite(attribute.get(), H5T_NATIVE_DOUBLE, &number);
  const Handle type = text_type();
  const Handle text(H5Acreate2(object, "text", type.get(), scalar.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const std::array<char, 6> value{'o', 'n', 'e'};
  H5Awrite(text.get(), type.get(), value.data());
}

void add_reference(hid_t file, const char* to) {
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle dataset(
      H5Dcreate2(file, "reference", H5T_STD_REF_OBJ, scalar.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose);
  hobj_ref_t reference = 0;
  H5Rcreate(&reference, file, to, H5R_OBJECT, -1);
  H5Dwrite(dataset.get(), H5T_STD_REF_OBJ, H5S_ALL, H5S_ALL, H5P_DEFAULT, &reference);
}

void add_boolean(hid_t file) {
  const Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
  const std::array<std::int8_t, 2> values{0, 1};
  H5Tenum_insert(type.get(), "FALSE", &values[0]);
  H5Tenum_insert(type.get(), "TRUE", &values[1]);
  const hsize_t count = 2;
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Handle dataset(H5Dcreate2(file, "boolean", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                       H5Dclose);
  H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
}

/** Writes one of the files that are changed. */
void write_file(const std::string& path, bool is_latest, std::size_t kind) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access.get(), is_latest ? H5F_LIBVER_LATEST : H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  const Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose);
  switch (kind) {
    case 0:
      add_attributes(file.get());
      add_dataset(file.get(), "f8", {.type = H5T_IEEE_F64LE, .shape = {20}, .chunk = {}});
      add_dataset(file.get(), "i2", {.type = H5T_STD_I16BE, .shape = {4, 5}, .chunk = {}});
      add_dataset(file.get(), "compact", {.type = H5T_STD_U32LE, .shape = {6}, .chunk = {}, .is_compact = true});
      break;
    case 1:
      add_dataset(file.get(), "deflate",
                  {.type = H5T_STD_I64LE, .shape = {60}, .chunk = {16}, .deflate = true, .shuffle = true});
      add_dataset(
          file.get(), "all",
          {.type = H5T_IEEE_F32LE, .shape = {30}, .chunk = {9}, .deflate = true, .shuffle = true, .fletcher32 = true});
      add_dataset(file.get(), "plain", {.type = H5T_STD_U8LE, .shape = {50}, .chunk = {50}});
      break;
    case 2:
      add_dataset(file.get(), "raster", {.type = H5T_STD_I64LE, .shape = {4, 40}, .chunk = {2, 16}, .deflate = true});
      add_dataset(file.get(), "raster2", {.type = H5T_STD_I16LE, .shape = {4, 40}, .chunk = {}});
      break;
    case 3: {
      const Handle group(H5Gcreate2(file.get(), "units", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
      for (const char* name : {"0", "1", "10", "2"})
        add_dataset(group.get(), name, {.type = H5T_IEEE_F64LE, .shape = {7}, .chunk = {}});
      add_dataset(group.get(), "3", {.type = H5T_IEEE_F64LE, .shape = {7}, .chunk = {3}, .deflate = true});
      H5Lcreate_external("other.h5", "/", file.get(), "external", H5P_DEFAULT, H5P_DEFAULT);
      H5Lcreate_soft("/units/0", file.get(), "soft", H5P_DEFAULT, H5P_DEFAULT);
      H5Lcreate_hard(file.get(), "/", group.get(), "circle", H5P_DEFAULT, H5P_DEFAULT);
      break;
    }
    default:
      add_texts(file.get(), "fixed");
      add_reference(file.get(), "/fixed");
      add_boolean(file.get());
      add_attributes(file.get());
  }
}

constexpr std::size_t kinds = 5;

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
  std::vector<std::string> groups{"/", "/units"};
  for (const std::string& group_path : groups) {
    if (!file.find(group_path).is_open()) continue;
    for (const std::string& name : hdf5::link_names(file, file.open_group(group_path), group_path)) {
      const std::string child = (group_path == "/" ? "/" : group_path + "/") + name;
      if (name == "external") continue;
      if (H5Iget_type(file.find(child).get()) == H5I_DATASET) add_regions(file, child, regions);
    }
  }
  return regions;
}

const std::vector<Seed>& seeds(const test::TemporaryFolder& folder) {
  static const std::vector<Seed> written = [&] {
    std::vector<Seed> files;
    const auto failure = on_hdf5_thread([&] {
      hdf5::initialize();
      for (std::size_t i = 0; i < 2 * kinds; i++) {
        const std::string path = folder.at("seed" + std::to_string(i) + ".h5");
        write_file(path, i >= kinds, i % kinds);
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

// What readers do with a file.

void read_numbers(const std::shared_ptr<OpenFile>& file, const hdf5::Description& found) {
  const auto& dataset = found.dataset;
  const std::uint64_t count = dataset.count();
  if (!dataset.problem.empty() || !dataset.excess.empty() || !dataset.type.is_numeric() || count > most_elements)
    return;
  for (const ElementType type : {ElementType::f64, dataset.type.elements.type}) {
    std::vector<std::byte> numbers(std::max<std::uint64_t>(1, count) * size_of(type));
    hdf5::ReadPlan plan;
    plan.requests.push_back({.path = dataset.path,
                             .first_row = 0,
                             .count = count,
                             .to = {.type = type, .scaling = {}, .out = numbers.data()}});
    require_refusal(test::run(hdf5::read_job(file, std::move(plan), 2)));
  }
}

void read_raster(const std::shared_ptr<OpenFile>& file, const std::string& path) {
  const auto raster = std::make_shared<hdf5::RasterReader>(path);
  const auto failure = test::run(raster->count_job(file, 2));
  require_refusal(failure);
  if (failure || raster->ends().empty() || static_cast<std::uint64_t>(raster->ends().back()) > most_elements) return;
  std::vector<double> times(static_cast<std::size_t>(raster->ends().back()));
  require_refusal(test::run(raster->fill_job(file, {.start_ms = 1, .width_ms = 2}, times, 2)));
}

void read_units(const std::shared_ptr<OpenFile>& file, const std::string& path) {
  hdf5::StoredUnits units(path);
  const auto failure = on_hdf5_thread([&] {
    try {
      while (units.look_at_some(*file)) continue;
    } catch (...) {
      units.close();
      throw;
    }
    units.close();
  });
  require_refusal(failure);
  if (failure || units.count() > most_elements) return;
  std::vector<double> times(units.count() + 1);
  const Destination to{.type = ElementType::f64, .scaling = {}, .out = reinterpret_cast<std::byte*>(times.data())};
  require_refusal(test::run(hdf5::read_job(file, units.take_plan(to), 2)));
}

void read_texts(OpenFile& file, const std::string& path) {
  hdf5::TextReader reader(file, path);
  std::vector<std::string> texts;
  for (int step = 0; step < 4 && reader.read_some(texts); step++) texts.clear();
}

void read_all(const std::shared_ptr<OpenFile>& file) {
  std::vector<std::string> paths{"/"};
  for (std::size_t i = 0; i < paths.size() && i < most_objects; i++) {
    const std::string path = paths[i];
    hdf5::Description found;
    const auto failure = on_hdf5_thread([&] {
      found = hdf5::describe(*file, path);
      if (found.kind == hdf5::Description::Kind::group) {
        hdf5::ChildReader children(path);
        while (children.read_some(*file)) continue;
        const Handle group = file->open_group(path);
        for (const std::string& name : hdf5::link_names(*file, group, path)) {
          if (paths.size() < most_objects) paths.push_back((path == "/" ? "" : path) + "/" + name);
        }
      }
      const auto& type = found.dataset.type;
      if (found.kind == hdf5::Description::Kind::dataset && !type.is_numeric() && !type.has_variable_length) {
        read_texts(*file, path);
      }
    });
    require_refusal(failure);
    if (failure) continue;
    if (found.kind == hdf5::Description::Kind::group) read_units(file, path);
    if (found.kind != hdf5::Description::Kind::dataset) continue;
    read_numbers(file, found);
    if (found.dataset.shape.size() == 2) read_raster(file, path);
  }
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport;
  static const test::TemporaryFolder folder;
  static const std::string path = folder.at("file.h5");
  fuzz::Input input(data, size);
  const auto& seeds = fuzz::seeds(folder);
  const fuzz::Seed& seed = seeds[input.below(seeds.size())];
  // Another file each time: the library has one that is still being closed open for its next readers.
  test::remove(path);
  std::ofstream(path, std::ios::binary) << fuzz::changed(seed, input);
  std::shared_ptr<hdf5::OpenFile> file;
  fuzz::require_refusal(fuzz::on_hdf5_thread([&] { file = hdf5::open_file(path, "file"); }));
  if (file) fuzz::read_all(file);
  file.reset();
  fuzz::require_refusal(fuzz::on_hdf5_thread([] {}));
  return 0;
}
