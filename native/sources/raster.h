#pragma once

// The source of spike counts per unit and bin.

#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/bin.h"
#include "sources/source.h"
#include "spikes/spike_trains.h"

namespace spikeport {

/** Spike counts, units × bins. */
class Raster : public SparseSource {
 public:
  Raster(std::shared_ptr<const SpikeTrains> trains, kernels::Bins bins);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;
  void fill_sparse(std::uint64_t first, std::uint64_t count, std::uint64_t position,
                   std::vector<SparseElement>& elements) const override;

 private:
  std::shared_ptr<const SpikeTrains> trains_;
  kernels::Bins bins_;
};

}  // namespace spikeport
