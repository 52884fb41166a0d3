#include "columns/raster.h"

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
    : Column(ElementType::i64, {trains->unit_count(), bins.count}), trains_(std::move(trains)), bins_(bins) {}

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

bool Raster::is_blank(std::uint64_t first, std::uint64_t count) const {
  bool blank = true;
  for_each_row(bins_.count, first, count, [&](std::size_t unit, std::uint64_t bin, std::uint64_t part) {
    blank = blank && kernels::times_in_bins((*trains_)[unit], bins_, bin, bin + part).empty();
  });
  return blank;
}

}  // namespace spikeport
