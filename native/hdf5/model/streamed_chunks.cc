#include "hdf5/model/streamed_chunks.h"

#include <stdexcept>

namespace spikeport::hdf5 {

void StreamedChunks::fill(std::uint64_t /*first*/, std::span<std::byte> /*block*/) const {
  throw std::logic_error("the elements of a stream are in the file already");
}

const ChunkPlace& StreamedChunks::at(std::span<const std::uint64_t> corner) const {
  const std::size_t across = 1 - time_axis_;
  const std::uint64_t groups = (shape()[across] + chunk_[across] - 1) / chunk_[across];
  return (*places_)[corner[time_axis_] / chunk_[time_axis_] * groups + corner[across] / chunk_[across]];
}

}  // namespace spikeport::hdf5
