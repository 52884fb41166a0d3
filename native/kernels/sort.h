// Sorts spike times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "kernels/records.h"

namespace spikeport::kernels {

/** Sorts finite times; −0 and 0 come in any order. `scratch` is memory that the next call can use again. */
void sort_times(std::span<double> times, std::vector<double>& scratch);

/** Memory to sort records by time, which the next call can use again: 16 bytes and a record for each spike. */
struct RecordSortMemory {
  std::vector<std::pair<double, std::uint32_t>> keys;
  std::vector<std::byte> records;
};

/** Sorts finite times, less than 2³² of them, and their records with them: those of equal times stay as they came. */
void sort_with_records(std::span<double> times, const Records& records, RecordSortMemory& memory);

}  // namespace spikeport::kernels
