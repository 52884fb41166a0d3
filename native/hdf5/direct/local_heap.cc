#include "hdf5/direct/local_heap.h"

#include <cstring>

#include "hdf5/direct/encoder.h"

namespace spikeport::hdf5::direct {

void encode_local_heap_header(std::uint64_t data_size, std::uint64_t data_address, std::span<std::byte> bytes) {
  constexpr std::uint64_t no_free_block = 1;
  Encoder out(bytes);
  out.text("HEAP");
  out.u8(0);  // version
  out.skip(3);
  out.u64(data_size);
  out.u64(no_free_block);
  out.u64(data_address);
}

std::uint64_t NameHeap::add(std::string_view name) {
  const std::size_t offset = data_.size();
  data_.resize(offset + padded(name.size() + 1));
  std::memcpy(&data_[offset], name.data(), name.size());
  return offset;
}

}  // namespace spikeport::hdf5::direct
