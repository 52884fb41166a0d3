#include "sources/raster.h"

#include <algorithm>

namespace spikeport {
namespace {

/** Calls `visit(unit, first bin, count)` for the part that each unit has in elements `first` to `first + count`. */
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

}  // namespace

Raster::Raster(std::shared_ptr<const Trains> trains, kernels::Bins bins)
    : SparseSource(ElementType::i64, {trains->unit_count(), bins.count}), trains_(std::move(trains)), bins_(bins) {}

void Raster::fill(std::uint64_t first, std::span<std::byte> block) const {
  const auto counts = as_numbers<std::int64_t>(block);
  std::ranges::fill(counts, 0);
  std::size_t filled = 0;
  for_each_row(bins_.count, first, counts.size(), [&](std::size_t unit, std::uint64_t bin, std::uint64_t count) {
    const auto times = kernels::times_in_bins((*trains_)[unit], bins_, bin, bin + count);
    kernels::count_spikes(times, bins_, bin, counts.subspan(filled, count));
    filled += count;
  });
}

void Raster::fill_sparse(std::uint64_t first, std::uint64_t count, std::uint64_t position,
                         std::vector<SparseElement>& elements) const {
  std::uint64_t row = position;
  for_each_row(bins_.count, first, count, [&](std::size_t unit, std::uint64_t bin, std::uint64_t bins) {
    std::uint64_t last = 0;
    for (const double time : kernels::times_in_bins((*trains_)[unit], bins_, bin, bin + bins)) {
      // Never behind the last one, nor outside the row, even when somebody changes the times meanwhile.
      last = std::clamp(bins_.of(time), bin + last, bin + bins - 1) - bin;
      if (elements.empty() || elements.back().position != row + last) elements.push_back({row + last, 0});
      elements.back().value++;
    }
    row += bins;
  });
}

}  // namespace spikeport
