// The checksum of metadata (H5_checksum_lookup3 of the library): Bob Jenkins' lookup3 hash, which is in the public
// domain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spikeport::hdf5::direct {

/** The checksum of at least one byte. */
std::uint32_t checksum_of(std::span<const std::byte> bytes);

}  // namespace spikeport::hdf5::direct
