#pragma once

// The interface of fuzz targets.

#include <cstddef>
#include <cstdint>
#include <string>

/** What every target has: it uses an input, and ends the process when that shows a fault. */
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace spikeport::fuzz {

/** Ends the process unless something holds. */
void require(bool holds, const std::string& what);

}  // namespace spikeport::fuzz
