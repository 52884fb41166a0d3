#include "kernels/lags.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace spikeport::kernels {
namespace {

/** The least lag that a division by the width puts into this bin, or into one after it. */
double least_lag(std::size_t bin, double width) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto number = static_cast<double>(bin);
  double lag = number * width;
  // The product is rounded, and so is the quotient: a few steps either way.
  while (lag > 0 && std::nextafter(lag, 0.0) / width >= number) lag = std::nextafter(lag, 0.0);
  while (lag / width < number) lag = std::nextafter(lag, infinity);
  return lag;
}

}  // namespace

LagBins::LagBins(double width, std::size_t count) : width_(width), edges_(count + 1) {
  for (std::size_t bin = 1; bin <= count; bin++) edges_[bin] = least_lag(bin, width);
}

std::uint64_t count_intervals(std::span<const double> times, const LagBins& bins, double limit,
                              std::span<std::uint64_t> counts) {
  std::uint64_t below = 0;
  for (std::size_t i = 1; i < times.size(); i++) {
    const double interval = times[i] - times[i - 1];
    below += interval < limit ? 1 : 0;
    const std::size_t bin = bins.of(interval);
    if (bin < counts.size()) counts[bin]++;
  }
  return below;
}

std::uint64_t LagPair::pairs_below(double edge) const {
  std::uint64_t pairs = 0;
  std::size_t end = 0;
  const std::size_t first = first_below(edge);
  for (std::size_t i = first; i < left.size(); i++) {
    while (end < right.size() && right[end] - left[i] < edge) end++;
    pairs += end;
  }
  // In one stretch, each time and those before it are less as well.
  return is_one() ? pairs - left.size() * (left.size() + 1) / 2 : pairs;
}

std::size_t LagPair::first_below(double edge) const {
  const auto first = std::ranges::partition_point(left, [&](double time) { return right.front() - time >= edge; });
  return static_cast<std::size_t>(first - left.begin());
}

void count_each_lag(const LagPair& pair, const LagBins& bins, std::size_t from, std::size_t to,
                    std::span<std::uint64_t> counts) {
  const std::span right = pair.right;
  for (std::size_t i = from; i < to; i++) {
    for (std::size_t j = pair.is_one() ? i + 1 : 0; j < right.size(); j++) {
      const std::size_t bin = bins.of(right[j] - pair.left[i]);
      if (bin >= counts.size()) break;
      counts[bin]++;
    }
  }
}

void count_lags_by_edge(const LagPair& pair, const LagBins& bins, std::size_t from, std::size_t to,
                        std::span<std::uint64_t> counts) {
  std::uint64_t before = from == 0 ? 0 : pair.pairs_below(bins.edge(from));
  for (std::size_t bin = from; bin < to; bin++) {
    const std::uint64_t below = pair.pairs_below(bins.edge(bin + 1));
    counts[bin] += below - before;
    before = below;
  }
}

}  // namespace spikeport::kernels
