#pragma once

// Creates the objects of an HDF5 file with the library.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hdf5/library/error.h"
#include "hdf5/library/handle.h"
#include "hdf5/model/datatype.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** A new HDF5 file, in the oldest format that holds it. Attributes that are references are left out until all objects
 * are there. Every call is made on the HDF5 thread. */
class File {
 public:
  /** Empties and opens the file at this path, as a paged one where there is a size of pages; errors call it by the
   * other name. */
  File(const std::string& path, std::string name, const std::optional<std::uint64_t>& page_bytes,
       std::span<const Attribute> attributes);

  void create_group(const std::string& path, std::span<const Attribute> attributes);
  void create_link(const SoftLink& link);

  /** Makes a dataset whose elements, or chunks, the library writes: contiguous unless it `has_chunks`. */
  Handle create_dataset(const std::string& path, const Datatype& type, std::span<const std::uint64_t> shape,
                        const std::optional<Chunking>& chunking, std::span<const Attribute> attributes);

  /**
   * Makes a contiguous dataset, whose elements are written past the library.
   * @return the byte of the file where they go, or none when there are no elements
   */
  std::optional<std::uint64_t> create_contiguous(const std::string& path, const Datatype& type,
                                                 std::span<const std::uint64_t> shape,
                                                 std::span<const Attribute> attributes);

  /** Writes a chunk, by its corner, that has been through all of the dataset's filters. */
  void write_encoded_chunk(const Handle& dataset, std::span<const std::uint64_t> corner,
                           std::span<const std::byte> encoded);

  [[nodiscard]] hid_t id() const { return file_.get(); }
  [[nodiscard]] const Check& check() const { return check_; }

  /** Writes what is buffered and closes the file. */
  void close();

 private:
  /** @param space the library's dataspace */
  Handle create_dataset(const std::string& path, const Datatype& type, const Handle& space, const Handle& properties,
                        std::span<const Attribute> attributes);
  [[nodiscard]] Handle link_properties(const std::string& path) const;

  Check check_;
  Handle file_;
};

}  // namespace spikeport::hdf5
