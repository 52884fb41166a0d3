// Checks datatype messages (IV.A.2.d of the format's specification).
#pragma once

#include <cstdint>

#include "hdf5/structure/cursor.h"

namespace spikeport::hdf5::structure {

/** What has to be known of a type to check what is of it. */
struct Datatype {
  enum class Class : std::uint8_t {
    integer,
    floating,
    time,
    text,
    bits,
    opaque,
    compound,
    reference,
    enumeration,
    variable,
    array,
  };

  Class type = Class::integer;
  /** The bytes of an element in the file. */
  std::uint64_t size = 0;
  /** Texts of variable length: elements are references to the global heap. */
  bool is_variable_text = false;
  /** Whether elements, or parts of them, are in the global heap. */
  bool is_in_heap = false;
};

/** Reads a datatype, and checks all of it. */
Datatype read_datatype(Cursor& message);

/** The bytes of a reference to the global heap: the length, an address and a number. */
constexpr std::uint64_t heap_reference_bytes(const Widths& widths) { return 8 + widths.address; }

}  // namespace spikeport::hdf5::structure
