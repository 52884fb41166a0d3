#pragma once

#include <cstdint>

#include "kernels/deflate/bit_writer.h"

namespace spikeport::kernels {

// What RFC 1950 puts around DEFLATE blocks.

constexpr std::size_t zlib_frame_size = 6;

/** A window of 32 KiB, no dictionary, the fastest level. */
inline void put_zlib_header(BitWriter& bits) { bits.put(0x0178, 16); }

/** The Adler-32 of the bytes, its highest byte first. */
inline void put_zlib_trailer(BitWriter& bits, std::uint32_t checksum) {
  bits.align();
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bits.put(checksum >> shift & 0xFFU, 8);
}

}  // namespace spikeport::kernels
