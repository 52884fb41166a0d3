#include "trains.h"

#include <algorithm>

namespace spikeport {

void Trains::append(Train train) {
  trains_.push_back(train);
  ends_.push_back(spike_count() + train.size());
}

std::size_t Trains::unit_of(std::uint64_t spike) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends_, spike) - ends_.begin());
}

}  // namespace spikeport
