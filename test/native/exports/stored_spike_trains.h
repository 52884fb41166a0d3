#pragma once

// Spike trains that are not, or not wholly, in memory: what reads them must rely on the interface alone.

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>

#include "spikes/spike_trains.h"

namespace spikeport::test {

/** Spike trains in a file of their own, read with pread. */
class StoredSpikeTrains : public SpikeTrains {
 public:
  explicit StoredSpikeTrains(const SpikeTrains& trains);
  void read(std::size_t unit, std::uint64_t offset, std::span<double> block) const override;

  /** Cuts off the file, as another program could. */
  void shrink(std::uint64_t spikes);
  /** Whether any times were read. */
  [[nodiscard]] bool was_read() const { return was_read_; }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  mutable std::atomic<bool> was_read_ = false;
};

/** Spike trains of which runs of a few times are in memory, and as many others have to be read. */
class PartlyInMemory : public SpikeTrains {
 public:
  explicit PartlyInMemory(std::shared_ptr<const SpikeTrains> trains);
  void read(std::size_t unit, std::uint64_t offset, std::span<double> block) const override;
  [[nodiscard]] std::span<const double> in_place(std::size_t unit, std::uint64_t offset) const override;

 private:
  std::shared_ptr<const SpikeTrains> trains_;
};

}  // namespace spikeport::test
