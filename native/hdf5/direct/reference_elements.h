#pragma once

#include <cstdint>
#include <span>

#include "hdf5/direct/datatype.h"
#include "hdf5/direct/encoder.h"
#include "hdf5/direct/records.h"
#include "hdf5/model/datatype.h"

namespace spikeport::hdf5::direct {

/** The same object reference so many times. */
class ReferenceElements : public Records {
 public:
  /** @param address of the object's header, which is only there when it is written */
  ReferenceElements(const std::uint64_t& address, std::uint64_t count)
      : Records(element_size(ObjectReference{}), count), address_(address) {}

 private:
  void encode(std::uint64_t /*number*/, std::span<std::byte> record) const override { Encoder(record).u64(address_); }

  const std::uint64_t& address_;
};

}  // namespace spikeport::hdf5::direct
