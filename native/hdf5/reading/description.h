// What is in a file: objects, their attributes, and the children of groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hdf5/reading/dataset.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/packed.h"

namespace spikeport::hdf5 {

/** An attribute with its value. */
struct AttributeValue {
  std::string name;
  StoredType type;
  bool is_null = false;
  std::vector<std::uint64_t> shape;
  /** Numbers, as those of `type.elements.type` are in memory. */
  std::vector<std::byte> numbers;
  /** Texts, and the paths of referenced objects. */
  std::vector<std::string> texts;
};

/** What is at a path. */
struct Description {
  enum class Kind : std::uint8_t { missing, group, dataset, datatype };

  Kind kind = Kind::missing;
  /** Which object it is, under any of its names. */
  std::uint64_t address = 0;
  std::vector<AttributeValue> attributes;
  /** Of a dataset, without its handle. */
  Dataset dataset;
};

/** Describes the object at a path, if there is one. On the HDF5 thread. */
Description describe(OpenFile& file, const std::string& path);

/**
 * The children of a group, in order of their names' bytes: for each a byte (0 a link to nothing or out of the file, 1 a
 * group, 2 a dataset, 3 a datatype), the address of the object as float64, and the name. Before that the number of
 * children, as uint32.
 */
Packed children_of(OpenFile& file, const std::string& path);

/** The names of a group's links, in order of their bytes. */
std::vector<std::string> link_names(const OpenFile& file, const Handle& group, const std::string& path);

}  // namespace spikeport::hdf5
