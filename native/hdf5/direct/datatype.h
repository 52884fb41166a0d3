#pragma once

#include <cstdint>

#include "hdf5/direct/encoder.h"
#include "hdf5/model/datatype.h"

namespace spikeport::hdf5::direct {

/** The bytes of an element where the dataset is. Of a text they only say where it is. */
std::uint64_t element_size(const Datatype& type);

/** "The Datatype Message". */
struct DatatypeMessage {
  static constexpr std::uint16_t type = 0x0003;
  static constexpr std::uint8_t flags = 1;  // constant
  Datatype elements;

  [[nodiscard]] std::uint64_t size() const;
  void encode(Encoder& out) const;
};

}  // namespace spikeport::hdf5::direct
