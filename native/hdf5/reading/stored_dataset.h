// Datasets of files that are read: type, shape, and where their elements are.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hdf5/library/handle.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/stored_type.h"

namespace spikeport::hdf5 {

/** More spikes than any array has. */
constexpr std::uint64_t most_spikes = std::uint64_t{1} << 53U;

/** So many bytes may never have been written, and be fill values. What a dataset says to hold beyond these, and beyond
 * what its chunks inflate to, is not in the file. */
constexpr std::uint64_t always_possible = std::uint64_t{1} << 26U;

/** A filter that the chunks of a dataset have been through. */
struct Filter {
  enum class Kind : std::uint8_t { deflate, shuffle, fletcher32, szip };

  Kind kind;
  /** Shuffle: the bytes of an element. */
  std::size_t element_size = 1;
};

/** A dataset that is open. Made, used and destroyed on the HDF5 thread, as its handle is. */
struct StoredDataset {
  enum class Layout : std::uint8_t { contiguous, compact, chunked };

  std::string path;
  Handle handle;
  StoredType type;
  /** A dataset without a dataspace has no elements. */
  bool is_null = false;
  std::vector<std::uint64_t> shape;
  Layout layout = Layout::contiguous;
  /** Contiguous: the first byte in the file; none where nothing was ever written. */
  std::optional<std::uint64_t> offset;
  std::vector<std::uint64_t> chunk;
  /** In the order of writing. */
  std::vector<Filter> filters;
  /** Why elements cannot be read; empty where they can. */
  std::string problem;
  /** Why not all of them can be in the file; empty where they can. */
  std::string excess;

  [[nodiscard]] std::uint64_t count() const;
  /** The elements of a row: of all axes after one. */
  [[nodiscard]] std::uint64_t row(std::size_t axis = 0) const;
  [[nodiscard]] bool has_szip() const;
  /** Whether its elements may have more bytes than the file. */
  [[nodiscard]] bool is_compressed() const;
};

/** What a type of the library's is in this file: of texts of variable length it knows the size in memory alone. */
StoredType type_in(const OpenFile& file, hid_t type);
/** Opens a dataset and finds out about it. Throws a FormatError where it is none; what keeps its elements from being
 * read is its `problem`. */
StoredDataset open_dataset(const OpenFile& file, const std::string& path);
/** The same of one that is open, and was checked. */
StoredDataset describe_dataset(const OpenFile& file, const std::string& path, Handle handle,
                               const structure::CheckedObject& checked);
/** The same of one that was checked and whose elements lie together, past the library: it is not open. Nothing where
 * their place is impossible. */
std::optional<StoredDataset> plain_dataset(const OpenFile& file, const std::string& path, const StoredType& type,
                                           const structure::CheckedObject& checked);
/** Throws the `problem` or the `excess` of a dataset, if it has one. */
void require_readable(const OpenFile& file, const StoredDataset& dataset);
/** The bytes of an element that was never written. */
std::vector<std::byte> fill_value(const OpenFile& file, const StoredDataset& dataset);

}  // namespace spikeport::hdf5
