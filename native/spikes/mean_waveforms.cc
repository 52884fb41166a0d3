#include "spikes/mean_waveforms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "kernels/add_windows.h"
#include "kernels/convert.h"

namespace spikeport {
namespace {

/** A stretch of one channel stays in the processor's cache while all units take their windows from it. */
constexpr std::uint64_t least_stretch = std::uint64_t{1} << 16U;
/** A stretch has a few spikes of each unit: visiting a unit costs as much. */
constexpr std::uint64_t spikes_a_visit = 4;
/** The sums of several channels at once, so that times are converted once for all of them. */
constexpr std::uint64_t cached_sums = std::uint64_t{1} << 17U;
constexpr std::size_t most_channels = 16;
/** The spikes that are added at a time. */
constexpr std::size_t spikes_at_a_time = 256;
static_assert(spikes_at_a_time <= kernels::most_windows);
/** A visit without spikes takes as long as adding this many samples. */
constexpr std::uint64_t a_visit = 64;
/** The samples that a participant adds before other work has its turn: a few milliseconds. */
constexpr std::uint64_t samples_a_turn = std::uint64_t{1} << 22U;

std::uint64_t stretch_for(const MeanWaveformsRequest& request) {
  const std::uint64_t spikes = std::max<std::uint64_t>(request.trains->spike_count(), 1);
  const double samples_a_spike = static_cast<double>(request.samples) / static_cast<double>(spikes);
  const double wanted = samples_a_spike * static_cast<double>(spikes_a_visit * request.trains->unit_count());
  return static_cast<std::uint64_t>(
      std::clamp(wanted, static_cast<double>(least_stretch), static_cast<double>(request.samples + least_stretch)));
}

std::size_t group_size_for(const MeanWaveformsRequest& request, unsigned participants) {
  const std::uint64_t sums = std::max<std::uint64_t>(request.trains->unit_count() * request.window, 1);
  const std::size_t channels = std::max<std::size_t>(request.rows.size(), 1);
  const std::size_t share = (channels + participants - 1) / participants;
  return std::min({static_cast<std::size_t>(std::max<std::uint64_t>(cached_sums / sums, 1)), share, most_channels});
}

}  // namespace

MeanWaveforms::MeanWaveforms(MeanWaveformsRequest request, std::span<float> means, unsigned participants)
    : request_(std::move(request)),
      means_(means),
      stretch_(stretch_for(request_)),
      group_size_(group_size_for(request_, participants)),
      spike_counts_(request_.trains->unit_count(), 0),
      progress_(participants) {}

bool MeanWaveforms::work_some(unsigned participant) {
  Progress& progress = progress_[participant];
  if (!progress.is_working && !begin_group(progress)) return false;
  const std::size_t units = request_.trains->unit_count();
  const std::uint64_t a_spike = request_.window * progress.channel_count;
  for (std::uint64_t left = samples_a_turn; left > 0;) {
    if (progress.unit == units) {
      const std::uint64_t begin = progress.end - stretch_;
      const std::uint64_t samples = std::min(stretch_, request_.samples - std::min(begin, request_.samples));
      progress.done_bytes += samples * progress.channel_count * size_of(request_.type);
      if (progress.end >= request_.samples) {
        finish_group(progress);
        progress.is_working = false;
        return true;
      }
      progress.end += stretch_;
      progress.unit = 0;
    }
    const std::size_t unit = progress.unit;
    const std::uint64_t passed = progress.passed[unit];
    if (add_unit(progress)) progress.unit++;
    left -= std::min(left, a_visit + (progress.passed[unit] - passed) * a_spike);
  }
  return true;
}

std::uint64_t MeanWaveforms::byte_count() const {
  const bool has_units = request_.trains->unit_count() > 0;
  return has_units ? request_.samples * request_.rows.size() * size_of(request_.type) : 0;
}

bool MeanWaveforms::begin_group(Progress& progress) {
  const std::size_t first = next_group_.fetch_add(1) * group_size_;
  const std::size_t units = request_.trains->unit_count();
  if (first >= request_.rows.size() || units == 0) {
    progress = {};
    return false;
  }
  progress.is_working = true;
  progress.first_channel = first;
  progress.channel_count = std::min(group_size_, request_.rows.size() - first);
  progress.end = stretch_;
  progress.unit = 0;
  progress.passed.assign(units, 0);
  progress.counted.assign(units, 0);
  progress.sums.assign(progress.channel_count * units * static_cast<std::size_t>(request_.window), 0.0);
  progress.places.assign(progress.channel_count * units, -1);
  const auto width = static_cast<std::size_t>(request_.width);
  for (std::size_t i = 0; i < progress.channel_count; i++) {
    const auto places = std::span(progress.places).subspan(i * units, units);
    const auto channel = static_cast<std::int32_t>(first + i);
    for (std::size_t unit = 0; unit < units; unit++) {
      if (request_.channels.empty()) {
        places[unit] = channel;
        continue;
      }
      const auto own = std::span(request_.channels).subspan(unit * width, width);
      const auto found = std::ranges::find(own, channel);
      if (found != own.end()) places[unit] = static_cast<std::int32_t>(found - own.begin());
    }
  }
  return true;
}

bool MeanWaveforms::add_unit(Progress& progress) {
  const SpikeTrains& trains = *request_.trains;
  const std::size_t unit = progress.unit;
  const std::uint64_t spike_count = trains.spike_count(unit);
  std::uint64_t& passed = progress.passed[unit];
  if (passed == spike_count) return true;
  const double per_ms = request_.fs_hz / 1000.0;
  // Of the samples of spikes whose window exists: the first, and the one after the last.
  const auto first = request_.first_sample + static_cast<std::int64_t>(request_.before);
  const auto last = first + static_cast<std::int64_t>(request_.samples) - static_cast<std::int64_t>(request_.window);
  const auto end = request_.first_sample + static_cast<std::int64_t>(progress.end);

  std::array<std::uint64_t, spikes_at_a_time> begins{};
  std::size_t count = 0;
  bool is_past = false;
  const auto times = trains.times(unit, passed, std::min<std::uint64_t>(spike_count - passed, spikes_at_a_time));
  for (const double time : times.first(std::min(times.size(), spikes_at_a_time))) {
    const auto sample = kernels::to_sample(time - request_.start_ms, per_ms);
    is_past = sample && *sample >= end;
    if (is_past) break;
    passed++;
    // Checked for each spike: times can change meanwhile.
    if (sample && *sample >= first && *sample <= last) {
      begins[count++] = static_cast<std::uint64_t>(*sample - first);
    }
  }
  progress.counted[unit] += count;
  const std::size_t units = trains.unit_count();
  const auto window = static_cast<std::size_t>(request_.window);
  for (std::size_t i = 0; i < progress.channel_count; i++) {
    if (count == 0 || progress.places[i * units + unit] < 0) continue;
    const auto row = static_cast<std::uint64_t>(request_.rows[progress.first_channel + i]);
    const std::byte* const samples = request_.data + row * request_.samples * size_of(request_.type);
    kernels::add_windows(request_.type, samples, std::span(begins).first(count),
                         std::span(progress.sums).subspan((i * units + unit) * window, window));
  }
  return is_past || passed == spike_count;
}

void MeanWaveforms::finish_group(const Progress& progress) {
  const std::size_t units = request_.trains->unit_count();
  const auto window = static_cast<std::size_t>(request_.window);
  const auto width = static_cast<std::size_t>(request_.width);
  std::uint64_t not_finite = 0;
  for (std::size_t unit = 0; unit < units; unit++) {
    const std::uint64_t spikes = progress.counted[unit];
    if (spikes == 0) continue;
    for (std::size_t sample = 0; sample < window; sample++) {
      for (std::size_t i = 0; i < progress.channel_count; i++) {
        const std::int32_t place = progress.places[i * units + unit];
        if (place < 0) continue;
        const double mean = progress.sums[(i * units + unit) * window + sample] / static_cast<double>(spikes);
        const auto stored = static_cast<float>(mean);
        const bool is_finite = std::isfinite(stored);
        not_finite += is_finite ? 0 : 1;
        means_[(unit * window + sample) * width + static_cast<std::size_t>(place)] = is_finite ? stored : 0.0F;
      }
    }
  }
  not_finite_ += not_finite;
  if (progress.first_channel == 0) spike_counts_ = progress.counted;
}

}  // namespace spikeport
