#pragma once

// Checks of compressed streams with two decoders.

#include <cstddef>
#include <span>
#include <string>

namespace spikeport::test {

/** What is wrong with a zlib stream that should inflate to these bytes, to its last byte, by zlib and by libdeflate;
 * empty if nothing is. */
std::string inflate_problem(std::span<const std::byte> stream, std::span<const std::byte> expected);

}  // namespace spikeport::test
