#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sources/source.h"

namespace spikeport::hdf5::direct {

/** Metadata in records of one length, each made when it is written: nothing is held, however many there are. */
class Records : public Source {
 public:
  Records(std::uint64_t record_size, std::uint64_t count);
  void fill(std::uint64_t first, std::span<std::byte> block) const final;

  [[nodiscard]] std::uint64_t record_size() const { return record_size_; }

 private:
  /** Writes the record with this number into its bytes, which are zero. */
  virtual void encode(std::uint64_t number, std::span<std::byte> record) const = 0;

  std::uint64_t record_size_;
};

}  // namespace spikeport::hdf5::direct
