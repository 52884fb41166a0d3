#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hdf5/direct/symbol_table.h"

namespace spikeport::hdf5::direct {

constexpr std::size_t superblock_size = 96;

/** Writes version 0 of "Disk Format: Level 0A - Format Signature and Superblock". */
void encode_superblock(const SymbolTableEntry& root, std::uint64_t file_size, std::span<std::byte> out);

}  // namespace spikeport::hdf5::direct
