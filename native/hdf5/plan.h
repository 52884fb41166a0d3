#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "columns/column.h"
#include "columns/spike_columns.h"

namespace spikeport::hdf5 {

/** A float64 scalar. */
struct Attribute {
  std::string name;
  double value;
};

/** Chunks of this shape, or where it is empty of at most so many bytes, through the deflate and shuffle filters where
 * wanted. */
struct Chunking {
  std::vector<std::uint64_t> shape;
  std::uint64_t chunk_bytes;
  std::optional<unsigned> deflate_level;
  bool shuffle;
};

/** Contiguous when there is no chunking. */
struct Dataset {
  std::string path;
  std::shared_ptr<const Column> column;
  std::optional<Chunking> chunking;
  std::vector<Attribute> attributes;
};

/** One dataset a unit, named by the unit's number. */
struct UnitDatasets {
  std::string path;
  std::shared_ptr<const SpikeTimes> column;
  std::optional<Chunking> chunking;
};

/** Whether a dataset of this shape has chunks: scalars and arrays without elements never do. */
inline bool has_chunks(const std::optional<Chunking>& chunking, std::span<const std::uint64_t> shape) {
  return chunking && !shape.empty() && element_count(shape) > 0;
}

/** The path of a unit's dataset. */
inline std::string unit_path(const UnitDatasets& group, std::size_t unit) {
  return group.path + "/" + std::to_string(unit);
}

using Object = std::variant<Dataset, UnitDatasets>;

/** One file: objects in the order they are created. */
struct Plan {
  std::string target;
  std::vector<Attribute> attributes;
  std::vector<Object> objects;
};

}  // namespace spikeport::hdf5
