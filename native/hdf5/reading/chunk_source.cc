#include "hdf5/reading/chunk_source.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/errors.h"
#include "hdf5/library/error.h"

namespace spikeport::hdf5 {
namespace {

using Sizes = std::array<hsize_t, H5S_MAX_RANK>;

Sizes sizes_of(std::span<const std::uint64_t> numbers) {
  Sizes sizes{};
  std::ranges::copy(numbers, sizes.begin());
  return sizes;
}

/** The bytes of a chunk in the file, 0 where it was never written. */
std::uint64_t stored_size(const OpenFile& file, const StoredDataset& dataset, const Sizes& corner) {
  hsize_t size = 0;
  if (H5Dget_chunk_storage_size(dataset.handle.get(), corner.data(), &size) >= 0) return size;
  // Versions before 1.14 take a chunk that is not there for an error.
  const Account account = take_account();
  if (account.stack.find("storage is not allocated") != std::string::npos) return 0;
  throw FormatError(file.bytes().name(), dataset.path, "the HDF5 library could not find a chunk of it", account.stack);
}

/** Has the library undo the filters. The box has fewer elements at an edge. */
StoredChunk take_decoded(const OpenFile& file, const StoredDataset& dataset, const Sizes& corner,
                         std::vector<std::byte>& buffer) {
  StoredChunk chunk{.is_there = true, .first = buffer.size(), .mask = ~0U, .box = {}};
  for (std::size_t axis = 0; axis < dataset.shape.size(); axis++) {
    chunk.box.push_back(std::min<std::uint64_t>(dataset.chunk[axis], dataset.shape[axis] - corner[axis]));
  }
  chunk.size = dataset.type.size;
  for (const std::uint64_t length : chunk.box) chunk.size *= length;
  buffer.resize(buffer.size() + chunk.size);
  const Sizes box = sizes_of(chunk.box);
  const int rank = static_cast<int>(chunk.box.size());
  const char* doing = "read a chunk of it";
  const Handle type = file.check(H5Dget_type(dataset.handle.get()), H5Tclose, dataset.path, doing);
  if (H5Tget_size(type.get()) != dataset.type.size) file.refuse(dataset.path, "it was changed while it was read");
  const Handle space = file.check(H5Dget_space(dataset.handle.get()), H5Sclose, dataset.path, doing);
  const Handle memory = file.check(H5Screate_simple(rank, box.data(), nullptr), H5Sclose, dataset.path, doing);
  file.check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, corner.data(), nullptr, box.data(), nullptr),
             dataset.path, doing);
  file.check(
      H5Dread(dataset.handle.get(), type.get(), memory.get(), space.get(), H5P_DEFAULT, buffer.data() + chunk.first),
      dataset.path, doing);
  return chunk;
}

}  // namespace

StoredChunk take_chunk(const OpenFile& file, const StoredDataset& dataset, std::span<const std::uint64_t> at,
                       std::vector<std::byte>& buffer) {
  const Sizes corner = sizes_of(at);
  const std::uint64_t size = stored_size(file, dataset, corner);
  if (size == 0) return {.box = dataset.chunk};
  if (size > file.opened().size) file.refuse(dataset.path, "a chunk of it is longer than the file");
  if (dataset.has_szip()) return take_decoded(file, dataset, corner, buffer);
  StoredChunk chunk{
      .is_there = true, .first = buffer.size(), .size = static_cast<std::size_t>(size), .box = dataset.chunk};
  buffer.resize(buffer.size() + chunk.size);
  file.check(H5Dread_chunk(dataset.handle.get(), H5P_DEFAULT, corner.data(), &chunk.mask, buffer.data() + chunk.first),
             dataset.path, "read a chunk of it");
  return chunk;
}

}  // namespace spikeport::hdf5
