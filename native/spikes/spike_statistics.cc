#include "spikes/spike_statistics.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace spikeport {
namespace {

/** The most spikes of a tile: two of them fit into a core's cache. */
constexpr std::size_t tile_spikes = 16'384;
/** The spikes of the first stretch after a tile, which has few pairs with it in most trains; the next ones double. */
constexpr std::size_t first_right = 512;

/** How many operations of about a nanosecond a participant works on before others may have its thread. */
constexpr std::uint64_t steps_a_turn = 1'000'000;
/** The operations for a spike besides those for its lags. */
constexpr std::uint64_t steps_of_spike = 8;
/** The operations of reading both ends of a stretch. */
constexpr std::uint64_t steps_of_ends = 1000;
/** How many pairs take as long one by one as one time does by an edge. */
constexpr std::uint64_t pairs_of_time = 8;
/** Left times, and bins, between two looks at the steps. */
constexpr std::size_t times_at_once = 256;
constexpr std::size_t bins_at_once = 8;

/** Makes the times of a copy finite and ascending, and at least `least`: they are so unless they have changed. */
void put_in_order(std::span<double> times, double least) {
  for (double& time : times) {
    least = time >= least && time <= std::numeric_limits<double>::max() ? time : least;
    time = least;
  }
}

void add_counts(std::span<std::uint64_t> from, std::span<std::uint32_t> to) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  for (std::size_t i = 0; i < from.size(); i++) {
    to[i] = static_cast<std::uint32_t>(std::min(most, std::min(most, from[i]) + to[i]));
    from[i] = 0;
  }
}

WindowBins window_bins(const StatisticsRequest& request, std::size_t count) {
  return {
      .start = request.start, .width = count == 0 ? 0 : request.length / static_cast<double>(count), .count = count};
}

}  // namespace

SpikeStatistics::SpikeStatistics(StatisticsRequest request, StatisticsCounts counts, unsigned participants)
    : request_(std::move(request)),
      counts_(counts),
      isi_bins_(request_.isi_width, request_.isi_bins),
      lag_bins_(request_.lag_width, request_.lag_bins),
      rate_bins_(window_bins(request_, request_.rate_bins)),
      occupancy_bins_(window_bins(request_, request_.occupancy_bins)),
      progress_(participants) {
  for (Progress& progress : progress_) {
    progress.isi.resize(request_.isi_bins);
    progress.lags.resize(request_.lag_bins);
    progress.rates.resize(request_.rate_bins);
    progress.occupancy.resize((request_.occupancy_bins + 7) / 8);
  }
}

bool SpikeStatistics::count_some(unsigned participant) {
  Progress& progress = progress_[participant];
  for (std::uint64_t steps = 0; steps < steps_a_turn;) {
    if (progress.left.empty()) {
      if (!take_tile(progress)) return false;
      steps += progress.left.size() * steps_of_spike + progress.isi.size() + progress.lags.size() +
               progress.rates.size() + progress.occupancy.size();
      count_times(progress);
      progress.pair = {.left = progress.left, .right = progress.left};
      begin_pair(progress, steps);
    }
    if (count_lags(progress, steps)) continue;
    add_tile(progress);
    progress.done += progress.left.size();
    progress.left.clear();
  }
  return true;
}

bool SpikeStatistics::take_tile(Progress& progress) {
  const SpikeTrains& trains = *request_.trains;
  std::uint64_t first = 0;
  {
    const std::lock_guard lock(mutex_);
    while (next_unit_ < trains.added_unit_count() && next_spike_ == trains.spike_count(next_unit_)) {
      next_unit_++;
      next_spike_ = 0;
    }
    if (next_unit_ == trains.added_unit_count()) return false;
    progress.unit = next_unit_;
    first = next_spike_;
    next_spike_ += std::min<std::uint64_t>(tile_spikes, trains.spike_count(next_unit_) - next_spike_);
    progress.right_first = next_spike_;
  }
  progress.left.resize(static_cast<std::size_t>(progress.right_first - first));
  trains.read(progress.unit, first, progress.left);
  put_in_order(progress.left, std::numeric_limits<double>::lowest());
  progress.right_size = first_right;
  return true;
}

void SpikeStatistics::count_times(Progress& progress) const {
  const std::span<const double> times = progress.left;
  progress.violations = kernels::count_intervals(times, isi_bins_, request_.refractory, progress.isi);
  if (progress.right_first < request_.trains->spike_count(progress.unit)) {
    std::array across{times.back(), 0.0};
    request_.trains->read(progress.unit, progress.right_first, std::span(across).last(1));
    put_in_order(across, times.back());
    progress.violations += kernels::count_intervals(across, isi_bins_, request_.refractory, progress.isi);
  }
  for (const double time : times) progress.rates[rate_bins_.of(time)]++;
  if (progress.occupancy.empty()) return;
  progress.occupied_first = occupancy_bins_.of(times.front()) / 8;
  progress.occupied_end = occupancy_bins_.of(times.back()) / 8 + 1;
  for (const double time : times) {
    const std::size_t bin = occupancy_bins_.of(time);
    progress.occupancy[bin / 8] = static_cast<std::uint8_t>(progress.occupancy[bin / 8] | 1U << bin % 8);
  }
}

bool SpikeStatistics::count_lags(Progress& progress, std::uint64_t& steps) const {
  if (progress.next == progress.end) {
    steps += steps_of_ends;
    return next_right(progress, steps);
  }
  const std::size_t from = progress.next;
  progress.next = std::min(progress.end, from + (progress.is_each ? times_at_once : bins_at_once));
  if (progress.is_each) {
    kernels::count_each_lag(progress.pair, lag_bins_, from, progress.next, progress.lags);
  } else {
    kernels::count_lags_by_edge(progress.pair, lag_bins_, from, progress.next, progress.lags);
  }
  steps += progress.steps_each * (progress.next - from);
  return true;
}

bool SpikeStatistics::next_right(Progress& progress, std::uint64_t& steps) const {
  const SpikeTrains& trains = *request_.trains;
  const std::uint64_t spikes_left = trains.spike_count(progress.unit) - progress.right_first;
  if (spikes_left == 0) return false;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(progress.right_size, spikes_left));
  std::array ends{0.0, 0.0};
  trains.read(progress.unit, progress.right_first, std::span(ends).first(1));
  trains.read(progress.unit, progress.right_first + size - 1, std::span(ends).last(1));
  put_in_order(ends, progress.left.back());
  const std::size_t shortest = lag_bins_.of(ends.front() - progress.left.back());
  if (shortest == lag_bins_.count()) return false;
  if (shortest == lag_bins_.of(ends.back() - progress.left.front())) {
    progress.lags[shortest] += static_cast<std::uint64_t>(progress.left.size()) * size;
  } else {
    progress.right.resize(size);
    trains.read(progress.unit, progress.right_first, progress.right);
    put_in_order(progress.right, progress.left.back());
    progress.pair.right = progress.right;
    begin_pair(progress, steps);
  }
  progress.right_first += size;
  progress.right_size = std::min(tile_spikes, 2 * progress.right_size);
  return true;
}

void SpikeStatistics::begin_pair(Progress& progress, std::uint64_t& steps) const {
  const kernels::LagPair& pair = progress.pair;
  const std::size_t first_bin = lag_bins_.of(pair.shortest());
  const std::size_t bins = std::min(lag_bins_.of(pair.longest()) + 1, lag_bins_.count()) - first_bin;
  const std::size_t first_time = pair.first_below(lag_bins_.end());
  const std::size_t times = pair.left.size() - first_time;
  const std::uint64_t pairs = pair.pairs_below(lag_bins_.end());
  steps += pair.left.size() + pair.right.size();
  progress.is_each = pairs <= pairs_of_time * times * bins;
  progress.next = progress.is_each ? first_time : first_bin;
  progress.end = progress.is_each ? pair.left.size() : first_bin + bins;
  progress.steps_each =
      progress.is_each ? 1 + 2 * pairs / std::max<std::size_t>(1, times) : 2 * (times + pair.right.size());
}

void SpikeStatistics::add_tile(Progress& progress) {
  const auto row = [&](auto all, std::size_t size) { return all.subspan(progress.unit * size, size); };
  const std::lock_guard lock(mutex_);
  add_counts(progress.isi, row(counts_.isi, progress.isi.size()));
  add_counts(progress.lags, row(counts_.lags, progress.lags.size()));
  add_counts(progress.rates, row(counts_.rates, progress.rates.size()));
  counts_.violations[progress.unit] += static_cast<double>(progress.violations);
  const auto occupied = row(counts_.occupancy, progress.occupancy.size());
  for (std::size_t i = progress.occupied_first; i < progress.occupied_end; i++) {
    occupied[i] = static_cast<std::uint8_t>(occupied[i] | progress.occupancy[i]);
    progress.occupancy[i] = 0;
  }
}

}  // namespace spikeport
