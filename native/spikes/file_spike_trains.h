#pragma once

// Spike trains in a file.

#include <cstddef>
#include <cstdint>
#include <span>

#include "platform/file.h"
#include "spikes/spike_trains.h"

namespace spikeport {

/** Spike trains whose times lie in a file of their own, unit by unit: float64 in ms, ascending. */
class FileSpikeTrains final : public SpikeTrains {
 public:
  /**
   * @param counts how many spikes each unit has
   * @param empty_units the number of units without spikes after these
   */
  FileSpikeTrains(platform::File file, std::span<const std::uint64_t> counts, std::size_t empty_units);

  void read(std::size_t unit, std::uint64_t offset, std::span<double> block) const override;
  void read_spikes(std::uint64_t first, std::span<double> block) const override;

  /** Closes the file, when nothing reads any more: whoever still has these trains does not keep it. */
  void close() { file_ = platform::File(); }

  /** The file, to be filled before others read. */
  [[nodiscard]] const platform::File& file() const { return file_; }

 private:
  platform::File file_;
};

}  // namespace spikeport
