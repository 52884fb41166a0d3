// Checks the messages of object headers (IV.A.2 of the format's specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hdf5/structure/cursor.h"

namespace spikeport::hdf5::structure {

/** The types of messages that are looked at. */
enum class MessageType : std::uint8_t {
  nothing = 0x00,
  dataspace = 0x01,
  link_info = 0x02,
  datatype = 0x03,
  old_fill = 0x04,
  fill = 0x05,
  link = 0x06,
  external_files = 0x07,
  layout = 0x08,
  group_info = 0x0a,
  filters = 0x0b,
  attribute = 0x0c,
  comment = 0x0d,
  old_time = 0x0e,
  shared_table = 0x0f,
  continuation = 0x10,
  symbol_table = 0x11,
  time = 0x12,
  btree_sizes = 0x13,
  driver = 0x14,
  attribute_info = 0x15,
  references = 0x16,
  file_space = 0x17,
  cache_image = 0x18,
};

struct Dataspace {
  unsigned rank = 0;
  std::vector<std::uint64_t> shape;
  /** What its axes may grow to; `undefined` for any length. */
  std::vector<std::uint64_t> most;
  /** The product of its axes; none where it is more than 2^64 - 1. */
  std::optional<std::uint64_t> count = 1;
};

/** Reads a dataspace. */
Dataspace read_dataspace(Cursor& message);

/** A link of a group. What it points to lives as long as the bytes that it was read from. */
struct Link {
  enum class Kind : std::uint8_t {
    hard,
    soft,
    /** To another file, or of a kind of some program's. */
    elsewhere,
  };

  std::string_view name;
  Kind kind = Kind::hard;
  /** Of the object that a hard link leads to. */
  std::uint64_t address = 0;
  /** The path that a soft link leads to. */
  std::string_view target;
};

Link read_link(Cursor& message);

/** Where links or attributes are that are not in the object's header. */
struct Dense {
  std::uint64_t heap = undefined;
  std::uint64_t by_name = undefined;
  std::uint64_t by_order = undefined;
};

Dense read_link_info(Cursor& message);
Dense read_attribute_info(Cursor& message);

/** Reads a fill value of either form: its bytes in the file, none where there is no value. */
std::span<const std::byte> read_fill(MessageType type, Cursor& message);

/** The filters of a dataset's chunks. */
struct Filters {
  unsigned count = 0;
  /** Whether one of them is run by the library with numbers that it would not refuse. */
  bool is_szip_damaged = false;
};

Filters read_filters(Cursor& message);

/** Where the elements of a dataset are. */
struct Layout {
  enum class Class : std::uint8_t { compact, contiguous, chunked, elsewhere };
  enum class Index : std::uint8_t { btree, single, implicit, fixed_array, extensible_array, btree2 };

  unsigned version = 0;
  Class type = Class::contiguous;
  /** Of contiguous elements, or of the index of chunks. */
  std::uint64_t address = undefined;
  /** Of contiguous elements, from version 3 on. */
  std::uint64_t contiguous_bytes = 0;
  /** Compact elements. */
  std::span<const std::byte> compact;
  /** The axes of a chunk; the last is the bytes of an element. */
  std::vector<std::uint64_t> chunk;
  Index index = Index::btree;
  /** A single chunk: its bytes with filters, 0 without. */
  std::uint64_t single_bytes = 0;
  /** A single chunk: a bit for each filter that it has not been through. */
  std::uint32_t single_mask = 0;

  [[nodiscard]] std::uint64_t chunk_bytes() const;
};

Layout read_layout(Cursor& message);

/** Checks a message of a type that nothing here has to know. */
void check_other(MessageType type, Cursor& message);

}  // namespace spikeport::hdf5::structure
