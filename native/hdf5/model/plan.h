#pragma once

// Plans of HDF5 files: a tree of objects, as lib/engine/plan/hdf5-tree.ts describes it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hdf5/model/begun_file.h"
#include "hdf5/model/datatype.h"
#include "hdf5/model/packed_texts.h"
#include "hdf5/model/streamed_chunks.h"
#include "sources/source.h"
#include "sources/spike_sources.h"

namespace spikeport::hdf5 {

/** The path of an object: a reference to it is made when all objects are there. */
struct Reference {
  std::string target;
};

/** Numbers of one type without an axis, or along one, as their bytes in the file. */
struct AttributeNumbers {
  Datatype type;
  std::optional<std::uint64_t> length;
  std::vector<std::byte> bytes;
};

/** A text that may be long, in memory that its owner keeps alive. */
struct LongText {
  std::string_view utf8;
};

/** A float64, int32, text or reference without an axis, texts along one, or numbers. */
struct Attribute {
  std::string name;
  std::variant<double, std::int32_t, std::string, std::vector<std::string>, Reference, AttributeNumbers, LongText>
      value;
};

/** What the library takes for the size of a page. */
constexpr std::uint64_t least_page_bytes = 512;
constexpr std::uint64_t most_page_bytes = std::uint64_t{1} << 30U;

/** The size of a chunk has four bytes in the file. */
constexpr std::uint32_t most_chunk_bytes = std::numeric_limits<std::uint32_t>::max();

/** Chunks of this shape, or where it is empty of at most `chunk_bytes`, through the deflate and shuffle filters where
 * wanted. */
struct Chunking {
  std::vector<std::uint64_t> chunk;
  std::uint64_t chunk_bytes;
  std::optional<unsigned> deflate_level;
  bool shuffle;
  /** Whether elements can be added later: the first axis is unlimited, or the last one. */
  bool is_extendable = false;
  bool grows_last = false;
  /** Whether several chunks are as large as they can be, and not of the least size that holds the array: so chunks end
   * where pages of the file do. */
  bool fills_pages = false;

  /** The axis that is unlimited, of this many. */
  [[nodiscard]] std::optional<std::size_t> unlimited_axis(std::size_t axes) const {
    if (!is_extendable) return std::nullopt;
    return grows_last ? axes - 1 : 0;
  }
};

/** Contiguous when there is no chunking. */
struct Dataset {
  std::string path;
  std::shared_ptr<const Source> source;
  std::optional<Chunking> chunking;
  std::vector<Attribute> attributes;
  /** Whether its int8 are booleans. */
  bool is_boolean = false;
  /** Whether its three float64 are one position, without an axis; then it is contiguous. */
  bool is_position = false;
  /** The source, where its elements are in the file already; else null. */
  std::shared_ptr<const StreamedChunks> streamed = nullptr;

  [[nodiscard]] Datatype type() const {
    if (is_position) return Position{};
    return is_boolean ? Datatype{Boolean{}} : source->type();
  }
  [[nodiscard]] std::span<const std::uint64_t> shape() const {
    if (is_position) return {};
    return source->shape();
  }
};

/** One dataset a unit, named by the unit's number. */
struct UnitDatasets {
  std::string path;
  std::shared_ptr<const SpikeTimes> source;
  std::optional<Chunking> chunking;
};

/** A dataset of texts; its chunks go through no filter. */
struct TextDataset {
  std::string path;
  PackedTexts texts;
  std::vector<std::uint64_t> shape;
  std::vector<Attribute> attributes;
  std::optional<Chunking> chunking = std::nullopt;
};

/** A dataset of one axis: references to a few objects. Its chunks go through no filter. */
struct ReferenceDataset {
  std::string path;
  std::vector<Reference> targets;
  /** The target of each element, by its place among these. */
  std::vector<std::int32_t> choices;
  std::vector<Attribute> attributes;
  std::optional<Chunking> chunking = std::nullopt;
  std::array<std::uint64_t, 1> shape{choices.size()};
};

/** A group. It precedes everything in it. */
struct Group {
  std::string path;
  std::vector<Attribute> attributes;
};

/** A second name for the object at another path; the path is stored unchanged. */
struct SoftLink {
  std::string path;
  std::string target;
};

/** Whether a dataset of this shape is chunked: scalars never are, and arrays without elements only when they can grow.
 */
inline bool has_chunks(const std::optional<Chunking>& chunking, std::span<const std::uint64_t> shape) {
  return chunking && !shape.empty() && (chunking->is_extendable || element_count(shape) > 0);
}

/** The path of a unit's dataset. */
inline std::string unit_path(const UnitDatasets& group, std::size_t unit) {
  return group.path + "/" + std::to_string(unit);
}

using Object = std::variant<Dataset, UnitDatasets, TextDataset, ReferenceDataset, Group, SoftLink>;

/** An object's attributes; those that have none, have nothing. */
inline std::span<const Attribute> attributes_of(const Object& object) {
  const auto attributes = [](const auto& of) -> std::span<const Attribute> {
    if constexpr (requires { of.attributes; }) return of.attributes;
    return {};
  };
  return std::visit(attributes, object);
}

inline const std::string& path_of(const Object& object) {
  return std::visit([](const auto& of) -> const std::string& { return of.path; }, object);
}

/** A small plain file that belongs to an HDF5 file: its bytes, which their owner keeps alive. */
struct Companion {
  std::string target;
  std::span<const std::byte> bytes;
};

/** One file: objects in the order they are created. */
struct Plan {
  std::string target;
  std::vector<Attribute> attributes;
  std::vector<Object> objects;
  /** Replaced together with the file, right after it. */
  std::optional<Companion> companion = std::nullopt;
  /** What was written of the file before, for a plan with streamed datasets. */
  std::shared_ptr<BegunFile> begun = nullptr;
  /** The size of a page of a paged file, which has its metadata together at the front; none in other files. */
  std::optional<std::uint64_t> page_bytes = std::nullopt;
  /** Whether it has many objects, which are only looked at on a working thread. */
  bool is_long = false;
};

}  // namespace spikeport::hdf5
