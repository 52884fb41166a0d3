#include "hdf5/format/messages.h"

namespace spikeport::hdf5::format {

void Dataspace::encode(Encoder& out) const {
  out.u8(1);  // version
  out.u8(static_cast<std::uint8_t>(shape.size()));
  out.skip(6);
  for (const std::uint64_t length : shape) out.u64(length);
}

void FillValue::encode(Encoder& out) const {
  constexpr std::uint8_t always = 0;
  constexpr std::uint8_t if_value_is_given = 2;
  out.u8(2);  // version
  out.u8(2);  // space is allocated late
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

void SymbolTable::encode(Encoder& out) const {
  out.u64(btree);
  out.u64(heap);
}

}  // namespace spikeport::hdf5::format
