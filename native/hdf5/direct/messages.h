#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hdf5/direct/encoder.h"

namespace spikeport::hdf5::direct {

// What an object header holds: "Disk Format: Level 2A2 - Data Object Header Messages" of the HDF5 File Format
// Specification, in the versions of the earliest library that know it. Sizes are without the padding behind.

/** "The Dataspace Message". Without axes it is a scalar. */
struct Dataspace {
  static constexpr std::uint16_t type = 0x0001;
  static constexpr std::uint8_t flags = 0;
  std::span<const std::uint64_t> shape;
  /** Whether the first axis has no largest length; the others cannot grow. */
  bool is_extendable = false;

  [[nodiscard]] std::uint64_t size() const { return 8 + (is_extendable ? 16 : 8) * shape.size(); }
  void encode(Encoder& out) const;
};

/** "The Data Storage - Fill Value Message": zeros, where anything is left unwritten. */
struct FillValue {
  static constexpr std::uint16_t type = 0x0005;
  static constexpr std::uint8_t flags = 1;  // constant
  /** Also where nobody asks for it: of variable length, what was there before would be taken for addresses. */
  bool is_always_written;
  /** Whether space is allocated chunk by chunk, and not for all elements at once. */
  bool by_chunk = false;

  [[nodiscard]] static std::uint64_t size() { return 8; }
  void encode(Encoder& out) const;
};

/** "The Data Layout Message" of contiguous elements. */
struct ContiguousLayout {
  static constexpr std::uint16_t type = 0x0008;
  static constexpr std::uint8_t flags = 0;
  std::uint64_t address;
  std::uint64_t byte_size;

  [[nodiscard]] static std::uint64_t size() { return 18; }
  void encode(Encoder& out) const;
};

/** "The Data Layout Message" of elements in chunks. */
struct ChunkedLayout {
  static constexpr std::uint16_t type = 0x0008;
  static constexpr std::uint8_t flags = 0;
  std::uint64_t btree;
  /** The elements of a chunk along each axis. */
  std::vector<std::uint64_t> chunk;
  std::uint64_t element_size;

  [[nodiscard]] std::uint64_t size() const { return 11 + 4 * (chunk.size() + 1); }
  void encode(Encoder& out) const;
};

/** "The Symbol Table Message": where a group's members are. */
struct SymbolTable {
  static constexpr std::uint16_t type = 0x0011;
  static constexpr std::uint8_t flags = 0;
  std::uint64_t btree;
  std::uint64_t heap;

  [[nodiscard]] static std::uint64_t size() { return 16; }
  void encode(Encoder& out) const;
};

}  // namespace spikeport::hdf5::direct
