#include "hdf5/reading/stored_dataset.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "kernels/inflate.h"

namespace spikeport::hdf5 {
namespace {

/** A chunk is in memory as a whole. */
constexpr std::uint64_t most_chunk_bytes = std::uint64_t{1} << 31U;

/** Filters that are known by name: those of the library, and of the registry of The HDF Group. */
struct KnownFilter {
  int id;
  const char* name;
  const char* plugin;
};
constexpr std::array known_filters{
    KnownFilter{H5Z_FILTER_NBIT, "n-bit", nullptr},
    KnownFilter{H5Z_FILTER_SCALEOFFSET, "scale-offset", nullptr},
    KnownFilter{305, "LZO", "h5py or PyTables"},
    KnownFilter{307, "bzip2", "hdf5plugin or PyTables"},
    KnownFilter{32000, "LZF", "h5py"},
    KnownFilter{32001, "Blosc", "hdf5plugin"},
    KnownFilter{32004, "LZ4", "hdf5plugin"},
    KnownFilter{32008, "bitshuffle", "hdf5plugin"},
    KnownFilter{32013, "ZFP", "hdf5plugin"},
    KnownFilter{32015, "Zstandard", "hdf5plugin"},
    KnownFilter{32017, "SZ", "hdf5plugin"},
    KnownFilter{32018, "FCIDECOMP", "hdf5plugin"},
    KnownFilter{32024, "SZ3", "hdf5plugin"},
    KnownFilter{32026, "Blosc2", "hdf5plugin"},
    KnownFilter{401, "Maxwell Biosystems' compression", "Maxwell Biosystems' plugin"},
};

/** Why a filter cannot be undone. */
std::string filter_problem(H5Z_filter_t id, const std::string& name) {
  const auto* known = std::ranges::find(known_filters, id, &KnownFilter::id);
  std::string what = "it is compressed with filter " + std::to_string(id);
  if (known == known_filters.end())
    return what + (name.empty() ? "" : " (" + name + ")") + ", which needs a plugin of that number";
  what += std::string(" (") + known->name + "), ";
  if (known->plugin == nullptr) return what + "which is not supported";
  return what + "which is not supported: Python reads it with " + known->plugin +
         ", and h5repack can write it with gzip";
}

/** The product of numbers, or none where it exceeds 2^53, the largest count that JavaScript's numbers hold. */
std::optional<std::uint64_t> product(const std::vector<std::uint64_t>& numbers) {
  constexpr std::uint64_t most = std::uint64_t{1} << 53U;
  if (std::ranges::find(numbers, 0U) != numbers.end()) return 0;
  std::uint64_t total = 1;
  for (const std::uint64_t number : numbers) {
    if (number > most / total) return std::nullopt;
    total *= number;
  }
  return total;
}

/** Reads the filters; returns why one of them cannot be undone, empty where all can. */
std::string read_filters(const OpenFile& file, const Handle& creation, StoredDataset& dataset) {
  const int count = H5Pget_nfilters(creation.get());
  if (count < 0) file.fail(dataset.path, "read its filters");
  for (unsigned i = 0; i < static_cast<unsigned>(count); i++) {
    std::array<char, 64> name{};
    std::array<unsigned, 8> values{};
    std::size_t value_count = values.size();
    unsigned flags = 0;
    unsigned config = 0;
    const H5Z_filter_t id =
        H5Pget_filter2(creation.get(), i, &flags, &value_count, values.data(), name.size() - 1, name.data(), &config);
    switch (id) {
      case H5Z_FILTER_DEFLATE:
        dataset.filters.push_back({.kind = Filter::Kind::deflate});
        break;
      case H5Z_FILTER_SHUFFLE:
        dataset.filters.push_back(
            {.kind = Filter::Kind::shuffle, .element_size = value_count > 0 ? values[0] : dataset.type.size});
        break;
      case H5Z_FILTER_FLETCHER32:
        dataset.filters.push_back({.kind = Filter::Kind::fletcher32});
        break;
      case H5Z_FILTER_SZIP:
        if (H5Zfilter_avail(H5Z_FILTER_SZIP) <= 0) {
          return "it is compressed with filter 4 (szip), which this build of the HDF5 library does not have";
        }
        dataset.filters.push_back({.kind = Filter::Kind::szip});
        break;
      default:
        if (id < 0) file.fail(dataset.path, "read its filters");
        return filter_problem(id, name.data());
    }
  }
  return {};
}

/** Why a dataset that says to hold so many bytes cannot be all in this file. */
std::string size_problem(const OpenFile& file, const StoredDataset& dataset, const structure::CheckedObject& checked) {
  const auto count = product(dataset.shape);
  const std::uint64_t size = file.opened().size;
  if (!count || *count > std::numeric_limits<std::uint64_t>::max() / std::max<std::size_t>(1, dataset.type.size)) {
    return "its shape has more elements than any file";
  }
  const std::uint64_t bytes = *count * dataset.type.size;
  if (dataset.offset) {
    if (*dataset.offset <= size && bytes <= size - *dataset.offset) return {};
    return "it is cut off: the file has " + std::to_string(size) + " bytes, and its " + std::to_string(bytes) +
           " bytes begin at byte " + std::to_string(*dataset.offset);
  }
  // All versions of the library take the size of compact elements from the shape, not all compare it with the file.
  if (dataset.layout == StoredDataset::Layout::compact && bytes > H5Dget_storage_size(dataset.handle.get())) {
    return "it is cut off: its " + std::to_string(bytes) + " bytes are not in its header";
  }
  if (bytes <= always_possible) return {};
  const std::uint64_t stored =
      dataset.layout == StoredDataset::Layout::chunked
          ? std::min<std::uint64_t>(
                checked.stored_bytes ? *checked.stored_bytes : H5Dget_storage_size(dataset.handle.get()), size)
          : 0;
  if (bytes - always_possible <= stored * kernels::most_growth) return {};
  return "its shape has " + std::to_string(*count) + " elements, and the file holds " + std::to_string(stored) +
         " bytes of it";
}

/** The layout by what was checked, where the library must not be asked for it. */
void take_layout(const structure::Layout& layout, StoredDataset& dataset) {
  switch (layout.type) {
    case structure::Layout::Class::compact:
      dataset.layout = StoredDataset::Layout::compact;
      break;
    case structure::Layout::Class::chunked:
      dataset.layout = StoredDataset::Layout::chunked;
      dataset.chunk.assign(layout.chunk.begin(), layout.chunk.end() - 1);
      break;
    default:
      dataset.layout = StoredDataset::Layout::contiguous;
  }
}

std::string layout_problem(const OpenFile& file, StoredDataset& dataset) {
  const Handle creation =
      file.check(H5Dget_create_plist(dataset.handle.get()), H5Pclose, dataset.path, "read its layout");
  switch (H5Pget_layout(creation.get())) {
    case H5D_COMPACT:
      dataset.layout = StoredDataset::Layout::compact;
      return {};
    case H5D_CONTIGUOUS:
      dataset.layout = StoredDataset::Layout::contiguous;
      return H5Pget_external_count(creation.get()) > 0 ? "its elements are in other files (external storage)" : "";
    case H5D_CHUNKED:
      break;
    case H5D_VIRTUAL:
      return "its elements are in other datasets (virtual)";
    default:
      file.fail(dataset.path, "read its layout");
  }
  dataset.layout = StoredDataset::Layout::chunked;
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  const int rank = H5Pget_chunk(creation.get(), static_cast<int>(sizes.size()), sizes.data());
  if (rank < 0) file.fail(dataset.path, "read its layout");
  dataset.chunk.assign(sizes.begin(), sizes.begin() + rank);
  unsigned options = 0;
  if (H5Pget_chunk_opts(creation.get(), &options) < 0) file.fail(dataset.path, "read its layout");
  if ((options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) != 0) {
    return "the chunks at its end are stored without its filters, which is not supported";
  }
  return read_filters(file, creation, dataset);
}

std::string chunk_problem(const StoredDataset& dataset) {
  if (dataset.layout != StoredDataset::Layout::chunked) return {};
  const auto count = product(dataset.chunk);
  const bool is_possible = !dataset.chunk.empty() && dataset.chunk.size() == dataset.shape.size() && count &&
                           *count > 0 && *count <= most_chunk_bytes / std::max<std::size_t>(1, dataset.type.size);
  return is_possible ? "" : "its chunks are of an impossible size";
}

void read_shape(const OpenFile& file, StoredDataset& dataset) {
  const Handle space = file.check(H5Dget_space(dataset.handle.get()), H5Sclose, dataset.path, "read its shape");
  dataset.is_null = H5Sget_simple_extent_type(space.get()) == H5S_NULL;
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  const int rank = dataset.is_null ? 0 : H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
  if (rank < 0) file.fail(dataset.path, "read its shape");
  dataset.shape.assign(sizes.begin(), sizes.begin() + rank);
  if (dataset.is_null) dataset.shape = {0};
}

}  // namespace

std::uint64_t StoredDataset::count() const { return product(shape).value_or(0); }

std::uint64_t StoredDataset::row(std::size_t axis) const {
  std::uint64_t elements = 1;
  for (axis++; axis < shape.size(); axis++) elements *= shape[axis];
  return elements;
}

bool StoredDataset::has_szip() const {
  return std::ranges::find(filters, Filter::Kind::szip, &Filter::kind) != filters.end();
}

bool StoredDataset::is_compressed() const {
  return has_szip() || std::ranges::find(filters, Filter::Kind::deflate, &Filter::kind) != filters.end();
}

StoredType type_in(const OpenFile& file, hid_t type) {
  StoredType stored = stored_type(type);
  if (stored.has_variable_length) stored.size = file.heap_reference_bytes();
  return stored;
}

StoredDataset open_dataset(const OpenFile& file, const std::string& path) {
  OpenedDataset opened = file.open_dataset(path);
  return describe_dataset(file, path, std::move(opened.handle), opened.checked);
}

StoredDataset describe_dataset(const OpenFile& file, const std::string& path, Handle handle,
                               const structure::CheckedObject& checked) {
  StoredDataset dataset;
  dataset.path = path;
  dataset.handle = std::move(handle);
  const Handle type = file.check(H5Dget_type(dataset.handle.get()), H5Tclose, path, "read its type");
  dataset.type = type_in(file, type.get());
  // Only contiguous elements have a place. To ask for it is much faster than to ask for the layout.
  const haddr_t offset = H5Dget_offset(dataset.handle.get());
  // With a user block the library adds the bytes of that to the address, even where there is none.
  if (offset != HADDR_UNDEF && offset >= file.begin()) {
    dataset.offset = offset;
  } else if (checked.is_fill_in_heap) {
    // Only types of which no elements can be read have such a fill value.
    take_layout(checked.layout, dataset);
  } else {
    H5Eclear2(H5E_DEFAULT);
    dataset.problem = layout_problem(file, dataset);
    // The library opens the sources of a virtual dataset when it is asked for its shape.
    if (dataset.problem.starts_with("its elements are in other datasets")) return dataset;
  }
  read_shape(file, dataset);
  if (dataset.problem.empty()) dataset.problem = dataset.type.problem;
  if (dataset.problem.empty()) dataset.problem = chunk_problem(dataset);
  if (dataset.problem.empty()) dataset.excess = size_problem(file, dataset, checked);
  return dataset;
}

std::optional<StoredDataset> plain_dataset(const OpenFile& file, const std::string& path, const StoredType& type,
                                           const structure::CheckedObject& checked) {
  StoredDataset dataset;
  dataset.path = path;
  dataset.type = type;
  dataset.shape = checked.shape;
  dataset.offset = file.begin() + checked.layout.address;
  if (*dataset.offset < file.begin()) return std::nullopt;
  dataset.problem = type.problem;
  if (dataset.problem.empty()) dataset.excess = size_problem(file, dataset, checked);
  return dataset;
}

void require_readable(const OpenFile& file, const StoredDataset& dataset) {
  if (!dataset.problem.empty()) file.refuse(dataset.path, dataset.problem);
  if (!dataset.excess.empty()) file.refuse(dataset.path, dataset.excess);
}

std::vector<std::byte> fill_value(const OpenFile& file, const StoredDataset& dataset) {
  std::vector<std::byte> value(dataset.type.size);
  const Handle creation =
      file.check(H5Dget_create_plist(dataset.handle.get()), H5Pclose, dataset.path, "read its fill value");
  H5D_fill_value_t defined{};
  file.check(H5Pfill_value_defined(creation.get(), &defined), dataset.path, "read its fill value");
  if (defined == H5D_FILL_VALUE_UNDEFINED) return value;
  const Handle type = file.check(H5Dget_type(dataset.handle.get()), H5Tclose, dataset.path, "read its fill value");
  file.check(H5Pget_fill_value(creation.get(), type.get(), value.data()), dataset.path, "read its fill value");
  return value;
}

}  // namespace spikeport::hdf5
