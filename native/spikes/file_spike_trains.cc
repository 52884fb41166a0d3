#include "spikes/file_spike_trains.h"

#include <system_error>
#include <utility>

#include "platform/error.h"

namespace spikeport {

FileSpikeTrains::FileSpikeTrains(platform::File file, std::span<const std::uint64_t> counts, std::size_t empty_units)
    : file_(std::move(file)) {
  reserve_units(counts.size());
  for (const std::uint64_t count : counts) add_unit(count);
  add_empty_units(empty_units);
}

void FileSpikeTrains::read(std::size_t unit, std::uint64_t offset, std::span<double> block) const {
  read_spikes(first_spike(unit) + offset, block);
}

void FileSpikeTrains::read_spikes(std::uint64_t first, std::span<double> block) const {
  const auto bytes = std::as_writable_bytes(block);
  if (file_.read(bytes, first * sizeof(double)) < bytes.size()) {
    throw SystemError(std::errc::io_error, "read", file_.name());
  }
}

}  // namespace spikeport
