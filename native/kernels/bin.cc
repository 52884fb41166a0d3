#include "kernels/bin.h"

namespace spikeport::kernels {

std::span<const double> times_in_bins(std::span<const double> times, const Bins& bins, std::uint64_t first,
                                      std::uint64_t last) {
  const auto begins = std::ranges::partition_point(times, [&](double time) { return bins.of(time) < first; });
  const auto ends = std::partition_point(begins, times.end(), [&](double time) { return bins.of(time) < last; });
  return {begins, ends};
}

void count_spikes(std::span<const double> times, const Bins& bins, std::uint64_t first,
                  std::span<std::int64_t> counts) {
  for (const double time : times) {
    const std::uint64_t bin = bins.of(time) - first;
    if (bin < counts.size()) counts[bin]++;
  }
}

}  // namespace spikeport::kernels
