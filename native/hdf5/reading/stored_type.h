// The datatypes of files that are read.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hdf5/library/handle.h"
#include "kernels/decode.h"

namespace spikeport::hdf5 {

/** The type of the elements of a dataset or attribute. */
struct StoredType {
  enum class Kind : std::uint8_t {
    number,
    /** As h5py stores it: an enumeration of FALSE and TRUE. */
    boolean,
    /** Any other enumeration. Its elements are integers. */
    enumeration,
    text,
    /** A reference to an object of the file. */
    reference,
    /** Anything else: see `problem`. */
    other,
  };
  enum class Padding : std::uint8_t { nul_terminated, nul_padded, space_padded };

  Kind kind = Kind::other;
  /** The size of an element in the file. */
  std::size_t size = 0;
  /** Numbers, booleans and enumerations. */
  kernels::StoredElements elements;
  /** The names of an enumeration's values. */
  std::vector<std::pair<std::string, std::int64_t>> names;
  /** Texts. */
  bool has_variable_length = false;
  Padding padding = Padding::nul_terminated;
  /** Why elements of another kind cannot be read. */
  std::string problem;

  [[nodiscard]] bool is_numeric() const {
    return kind == Kind::number || kind == Kind::boolean || kind == Kind::enumeration;
  }
};

/** What a type of the library's is. */
StoredType stored_type(hid_t type);

/** The text in the bytes of a fixed-length text, without its padding. */
std::string_view text_in(std::string_view bytes, StoredType::Padding padding);

}  // namespace spikeport::hdf5
