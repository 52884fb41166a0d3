// What the operating system is told about memory.
#pragma once

#include <cstddef>
#include <span>

namespace spikeport::platform {

/**
 * Says that memory is going to be filled: where it is long, the system then provides it in large pages, if it can.
 * Without, it takes a fault for every 4 KiB, which is half of the time of reading.
 */
void expect_filling(std::span<std::byte> memory);

}  // namespace spikeport::platform
