#include "hdf5/direct/superblock.h"

#include "hdf5/direct/encoder.h"
#include "hdf5/direct/group_btree.h"

namespace spikeport::hdf5::direct {

void encode_superblock(const SymbolTableEntry& root, std::uint64_t file_size, std::span<std::byte> bytes) {
  Encoder out(bytes);
  out.text("\x89HDF\r\n\x1a\n");
  out.skip(5);                    // versions of the superblock and other parts: 0
  out.u8(sizeof(std::uint64_t));  // of addresses
  out.u8(sizeof(std::uint64_t));  // of lengths
  out.skip(1);
  out.u16(group_leaf_k);
  out.u16(group_internal_k);
  out.skip(4);
  out.u64(0);                  // where the file begins
  out.u64(undefined_address);  // free space
  out.u64(file_size);
  out.u64(undefined_address);  // driver information
  root.encode(out);
}

}  // namespace spikeport::hdf5::direct
