// The types of an HDF5 file's elements.
#pragma once

#include <cstdint>
#include <variant>

#include "kernels/element_type.h"

namespace spikeport::hdf5 {

/** An int8, 0 or 1, as h5py keeps it: an enumeration of FALSE and TRUE. */
struct Boolean {
  static constexpr std::uint64_t stored_size = 1;
};

/** A compound of three float64: x, y and z. */
struct Position {
  static constexpr std::uint64_t stored_size = 24;
};

/** UTF-8 of variable length: the file holds its length and where it is (a global heap ID). */
struct Text {
  static constexpr std::uint64_t stored_size = 16;
};

/** The address of another object. */
struct ObjectReference {
  static constexpr std::uint64_t stored_size = 8;
};

/** What the elements of a dataset, or of an attribute, are. */
using Datatype = std::variant<ElementType, Boolean, Position, Text, ObjectReference>;

/** The bytes of an element in the file. */
inline std::uint64_t element_size(const Datatype& type) {
  if (const auto* number = std::get_if<ElementType>(&type)) return size_of(*number);
  if (std::holds_alternative<Boolean>(type)) return Boolean::stored_size;
  if (std::holds_alternative<Position>(type)) return Position::stored_size;
  return std::holds_alternative<Text>(type) ? Text::stored_size : ObjectReference::stored_size;
}

}  // namespace spikeport::hdf5
