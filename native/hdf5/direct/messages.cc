#include "hdf5/direct/messages.h"

#include <limits>

namespace spikeport::hdf5::direct {

void Dataspace::encode(Encoder& out) const {
  out.u8(1);  // version
  out.u8(static_cast<std::uint8_t>(shape.size()));
  constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
  out.u8(is_extendable ? 1 : 0);  // whether the largest lengths follow
  out.skip(5);
  for (const std::uint64_t length : shape) out.u64(length);
  if (!is_extendable) return;
  out.u64(unlimited);
  for (const std::uint64_t length : shape.subspan(1)) out.u64(length);
}

void FillValue::encode(Encoder& out) const {
  constexpr std::uint8_t always = 0;
  constexpr std::uint8_t if_value_is_given = 2;
  constexpr std::uint8_t late = 2;
  constexpr std::uint8_t incrementally = 3;
  out.u8(2);  // version
  out.u8(by_chunk ? incrementally : late);
  out.u8(is_always_written ? always : if_value_is_given);
  out.u8(1);   // defined,
  out.u32(0);  // by no bytes: the default
}

void ContiguousLayout::encode(Encoder& out) const {
  out.u8(3);  // version
  out.u8(1);  // contiguous
  out.u64(address);
  out.u64(byte_size);
}

void ChunkedLayout::encode(Encoder& out) const {
  out.u8(3);  // version
  out.u8(2);  // chunked
  out.u8(static_cast<std::uint8_t>(chunk.size() + 1));
  out.u64(btree);
  for (const std::uint64_t length : chunk) out.u32(static_cast<std::uint32_t>(length));
  out.u32(static_cast<std::uint32_t>(element_size));
}

void SymbolTable::encode(Encoder& out) const {
  out.u64(btree);
  out.u64(heap);
}

}  // namespace spikeport::hdf5::direct
