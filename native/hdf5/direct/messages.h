// What an object header holds, but for attributes: section IV.A.2 of the HDF5 File Format Specification ("Data Object
// Header Messages"), in the versions of the earliest library that knows them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hdf5/direct/metadata.h"
#include "hdf5/model/datatype.h"

namespace spikeport::hdf5::direct {

// `size` is without the padding that follows a message.

/** IV.A.2.b, "The Dataspace Message", version 1. Without axes it is a scalar. */
struct DataspaceMessage {
  static constexpr std::uint16_t type = 0x0001;
  static constexpr std::uint8_t flags = 0;
  std::span<const std::uint64_t> shape;
  /** The axis that is unlimited; the others cannot grow. */
  std::optional<std::size_t> unlimited = std::nullopt;

  [[nodiscard]] std::uint64_t size() const { return 8 + (unlimited ? 16 : 8) * shape.size(); }
  void encode(Encoder& out) const;
};

/** IV.A.2.d, "The Datatype Message", version 1. */
struct DatatypeMessage {
  static constexpr std::uint16_t type = 0x0003;
  static constexpr std::uint8_t flags = 1;  // constant
  Datatype elements;

  [[nodiscard]] std::uint64_t size() const;
  void encode(Encoder& out) const;
};

/** IV.A.2.f, "The Data Storage - Fill Value Message", version 2: zeros, where anything is left unwritten. */
struct FillValueMessage {
  static constexpr std::uint16_t type = 0x0005;
  static constexpr std::uint8_t flags = 1;  // constant
  /** Also where no fill value is asked for: stale bytes of variable length would be taken for addresses. */
  bool is_always_written;
  /** Whether space is allocated chunk by chunk, and not for all elements at once. */
  bool by_chunk = false;

  [[nodiscard]] static std::uint64_t size() { return 8; }
  void encode(Encoder& out) const;
};

/** IV.A.2.i, "The Data Layout Message", version 3, of contiguous elements. */
struct ContiguousLayoutMessage {
  static constexpr std::uint16_t type = 0x0008;
  static constexpr std::uint8_t flags = 0;
  std::uint64_t address;
  std::uint64_t byte_size;

  [[nodiscard]] static std::uint64_t size() { return 18; }
  void encode(Encoder& out) const;
};

/** The same of elements in chunks. */
struct ChunkedLayoutMessage {
  static constexpr std::uint16_t type = 0x0008;
  static constexpr std::uint8_t flags = 0;
  std::uint64_t btree;
  /** The elements of a chunk along each axis. */
  std::vector<std::uint64_t> chunk;
  std::uint64_t element_size;

  [[nodiscard]] std::uint64_t size() const { return 11 + 4 * (chunk.size() + 1); }
  void encode(Encoder& out) const;
};

/** IV.A.2.l, "The Data Storage - Filter Pipeline Message", version 1: what chunks go through before they are stored. */
struct FilterPipelineMessage {
  static constexpr std::uint16_t type = 0x000B;
  static constexpr std::uint8_t flags = 1;  // constant
  /** Bytes of one element, where they are shuffled, which comes first. */
  std::optional<std::uint32_t> shuffle;
  std::optional<std::uint32_t> deflate_level;

  [[nodiscard]] std::uint64_t size() const;
  void encode(Encoder& out) const;
};

/** IV.A.2.a, "The NIL Message": room that nothing takes. */
struct NilMessage {
  static constexpr std::uint16_t type = 0x0000;
  static constexpr std::uint8_t flags = 0;
  std::uint64_t room;

  [[nodiscard]] std::uint64_t size() const { return room; }
  void encode(Encoder& out) const { out.skip(room); }
};

/** IV.A.2.r, "The Symbol Table Message": where a group's members are. */
struct SymbolTableMessage {
  static constexpr std::uint16_t type = 0x0011;
  static constexpr std::uint8_t flags = 0;
  std::uint64_t btree;
  std::uint64_t heap;

  [[nodiscard]] static std::uint64_t size() { return 16; }
  void encode(Encoder& out) const;
};

/** IV.A.2.x, "The File Space Info Message", version 1, of a paged file that does not keep a list of its free space. */
struct FileSpaceInfoMessage {
  static constexpr std::uint16_t type = 0x0017;
  static constexpr std::uint8_t flags = 0x14;  // not shared; marked by libraries that do not know it
  std::uint64_t page_bytes;

  [[nodiscard]] static std::uint64_t size() { return 29; }
  void encode(Encoder& out) const;
};

}  // namespace spikeport::hdf5::direct
