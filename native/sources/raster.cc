#include "sources/raster.h"

#include <algorithm>

namespace spikeport {
namespace {

/** Calls `visit(unit, first bin, count)` for the part of each unit in elements `first` to `first + count - 1`. */
template <typename Visit>
void for_each_row(std::uint64_t bins, std::uint64_t first, std::uint64_t count, Visit visit) {
  while (count > 0) {
    const std::uint64_t bin = first % bins;
    const std::uint64_t part = std::min(count, bins - bin);
    visit(static_cast<std::size_t>(first / bins), bin, part);
    first += part;
    count -= part;
  }
}

/** The number of a unit's first spike in bin `bin` or a later one, found by reading few of them. */
std::uint64_t first_from_bin(const SpikeTrains& trains, std::size_t unit, const kernels::Bins& bins,
                             std::uint64_t bin) {
  std::uint64_t low = 0;
  std::uint64_t high = trains.spike_count(unit);
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    double time = 0;
    trains.read(unit, middle, {&time, 1});
    if (bins.of(time) < bin) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Calls `visit(times)` for the spikes of a unit in bins `first` to `last - 1`, one block after another. */
template <typename Visit>
void for_each_block(const SpikeTrains& trains, std::size_t unit, const kernels::Bins& bins, std::uint64_t first,
                    std::uint64_t last, Visit visit) {
  const std::uint64_t end = trains.spike_count(unit);
  // In memory, times_in_bins finds the first one.
  std::uint64_t spike = trains.in_place(unit, 0).empty() ? first_from_bin(trains, unit, bins, first) : 0;
  while (spike < end) {
    const auto times = trains.times(unit, spike, end - spike);
    const auto found = kernels::times_in_bins(times, bins, first, last);
    visit(found);
    if (found.end() != times.end()) return;
    spike += times.size();
  }
}

}  // namespace

Raster::Raster(std::shared_ptr<const SpikeTrains> trains, kernels::Bins bins)
    : SparseSource(ElementType::i64, {trains->unit_count(), bins.count}), trains_(std::move(trains)), bins_(bins) {}

void Raster::fill(std::uint64_t first, std::span<std::byte> block) const {
  auto counts = as_numbers<std::int64_t>(block);
  std::ranges::fill(counts, 0);
  for_each_row(bins_.count, first, counts.size(), [&](std::size_t unit, std::uint64_t bin, std::uint64_t count) {
    const auto row = counts.first(count);
    for_each_block(*trains_, unit, bins_, bin, bin + count,
                   [&](std::span<const double> times) { kernels::count_spikes(times, bins_, bin, row); });
    counts = counts.subspan(count);
  });
}

void Raster::fill_sparse(std::uint64_t first, std::uint64_t count, std::uint64_t position,
                         std::vector<SparseElement>& elements) const {
  std::uint64_t row = position;
  for_each_row(bins_.count, first, count, [&](std::size_t unit, std::uint64_t bin, std::uint64_t bins) {
    std::uint64_t last = 0;
    for_each_block(*trains_, unit, bins_, bin, bin + bins, [&](std::span<const double> times) {
      for (const double time : times) {
        // Never before the last one nor outside the row, even when the caller changes the times meanwhile.
        last = std::clamp(bins_.of(time), bin + last, bin + bins - 1) - bin;
        if (elements.empty() || elements.back().position != row + last) elements.push_back({row + last, 0});
        elements.back().value++;
      }
    });
    row += bins;
  });
}

}  // namespace spikeport
