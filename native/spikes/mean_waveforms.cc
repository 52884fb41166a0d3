#include "spikes/mean_waveforms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "kernels/add_windows.h"
#include "kernels/convert.h"
#include "kernels/transpose.h"

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

/** The bytes that one thread reads at a time, before it puts them in order. */
constexpr std::uint64_t read_bytes = std::uint64_t{1} << 20U;

std::uint64_t stretch_for(const MeanWaveformsRequest& request) {
  const std::uint64_t spikes = std::max<std::uint64_t>(request.trains->spike_count(), 1);
  const double samples_a_spike = static_cast<double>(request.samples) / static_cast<double>(spikes);
  const double wanted = samples_a_spike * static_cast<double>(spikes_a_visit * request.trains->unit_count());
  return static_cast<std::uint64_t>(
      std::clamp(wanted, static_cast<double>(least_stretch), static_cast<double>(request.samples + least_stretch)));
}

std::uint64_t slab_for(const MeanWaveformsRequest& request) {
  if (!request.file) return std::max<std::uint64_t>(request.samples, 1);
  // A window of samples is read again for the next slab.
  return std::max<std::uint64_t>({request.slab_bytes / request.file->sample_bytes(), 4 * request.window, 1});
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
      slab_samples_(slab_for(request_)),
      spike_counts_(request_.trains->unit_count(), 0),
      progress_(participants) {
  if (request_.trains->unit_count() == 0) return;
  const std::size_t size = group_size_for(request_, participants);
  for (std::size_t first = 0; first < request_.rows.size(); first += size) {
    Group group;
    group.first_channel = first;
    group.channel_count = std::min(size, request_.rows.size() - first);
    groups_.push_back(std::move(group));
  }
  if (request_.file) reader_.emplace(request_.file);
}

std::uint64_t MeanWaveforms::slab_count() const {
  return groups_.empty() ? 0 : (request_.samples + slab_samples_ - 1) / slab_samples_;
}

void MeanWaveforms::begin_slab() {
  slab_.first = slab_.end;
  slab_.end = std::min(slab_.first + slab_samples_, request_.samples);
  slab_.row = std::min(slab_.end + request_.window, request_.samples) - slab_.first;
  next_group_ = 0;
  next_read_ = 0;
  if (!reader_) {
    slab_.data = request_.data;
    return;
  }
  samples_.resize(static_cast<std::size_t>(slab_.row) * reader_->file().sample_bytes());
  slab_.data = samples_.data();
}

bool MeanWaveforms::read_some() {
  const SampleFile& file = reader_->file();
  const std::size_t size = size_of(file.type());
  const auto row_bytes = static_cast<std::size_t>(slab_.row) * size;
  if (file.lies_by_channel()) {
    const std::uint64_t channel = next_read_++;
    if (channel < file.channels()) {
      reader_->read_channel(channel, slab_.first, slab_.row, samples_.data() + channel * row_bytes);
    }
    return channel + 1 < file.channels();
  }
  const std::uint64_t some = std::max<std::uint64_t>(read_bytes / file.sample_bytes(), 1);
  const std::uint64_t first = some * next_read_++;
  if (first >= slab_.row) return false;
  const std::uint64_t count = std::min(some, slab_.row - first);
  const std::size_t bytes = static_cast<std::size_t>(count) * file.sample_bytes();
  const auto by_sample = std::make_unique_for_overwrite<std::byte[]>(bytes);
  const auto by_channel = std::make_unique_for_overwrite<std::byte[]>(bytes);
  reader_->read(slab_.first + first, count, by_sample.get());
  kernels::transpose(by_sample.get(), file.channels(), {.rows = count, .columns = file.channels()}, size,
                     by_channel.get());
  const auto part = static_cast<std::size_t>(count) * size;
  for (std::size_t channel = 0; channel < file.channels(); channel++) {
    std::memcpy(samples_.data() + channel * row_bytes + first * size, by_channel.get() + channel * part, part);
  }
  return first + count < slab_.row;
}

bool MeanWaveforms::add_some(unsigned participant) {
  Progress& progress = progress_[participant];
  if (progress.group == nullptr && !take_group(progress)) return false;
  const std::size_t units = request_.trains->unit_count();
  const std::size_t channels = progress.group->channel_count;
  for (std::uint64_t left = samples_a_turn; left > 0;) {
    if (progress.unit == units) {
      const std::uint64_t begin = std::max(progress.end - std::min(stretch_, progress.end), slab_.first);
      progress.done_bytes += (std::min(progress.end, slab_.end) - begin) * channels * size_of(request_.type);
      if (progress.end >= slab_.end) {
        if (slab_.end == request_.samples) finish(*progress.group);
        progress.group = nullptr;
        return true;
      }
      progress.end += stretch_;
      progress.unit = 0;
    }
    const std::size_t unit = progress.unit;
    const std::uint64_t passed = progress.group->passed[unit];
    if (add_unit(progress)) progress.unit++;
    left -= std::min(left, a_visit + (progress.group->passed[unit] - passed) * request_.window * channels);
  }
  return true;
}

std::uint64_t MeanWaveforms::byte_count() const {
  return groups_.empty() ? 0 : request_.samples * request_.rows.size() * size_of(request_.type);
}

bool MeanWaveforms::take_group(Progress& progress) {
  const std::size_t next = next_group_++;
  if (next >= groups_.size()) return false;
  progress.group = &groups_[next];
  progress.end = slab_.first + stretch_;
  progress.unit = 0;
  if (slab_.first == 0) begin(*progress.group);
  return true;
}

std::optional<std::size_t> MeanWaveforms::place_of(std::size_t channel, std::size_t unit) const {
  if (request_.channels.empty()) return channel;
  const auto width = static_cast<std::size_t>(request_.width);
  const auto own = std::span(request_.channels).subspan(unit * width, width);
  const auto found = std::ranges::find(own, static_cast<std::int32_t>(channel));
  if (found == own.end()) return std::nullopt;
  return static_cast<std::size_t>(found - own.begin());
}

void MeanWaveforms::begin(Group& group) const {
  const std::size_t units = request_.trains->unit_count();
  group.passed.assign(units, 0);
  group.counted.assign(units, 0);
  group.slots.assign(group.channel_count * units, -1);
  std::int32_t slots = 0;
  for (std::size_t i = 0; i < group.channel_count; i++) {
    for (std::size_t unit = 0; unit < units; unit++) {
      if (place_of(group.first_channel + i, unit)) group.slots[i * units + unit] = slots++;
    }
  }
  group.sums.assign(static_cast<std::size_t>(slots) * static_cast<std::size_t>(request_.window), 0.0);
}

bool MeanWaveforms::add_unit(Progress& progress) const {
  Group& group = *progress.group;
  const SpikeTrains& trains = *request_.trains;
  const std::size_t unit = progress.unit;
  const std::uint64_t spike_count = trains.spike_count(unit);
  std::uint64_t& passed = group.passed[unit];
  if (passed == spike_count) return true;
  const double per_ms = request_.fs_hz / 1000.0;
  // Of the samples of spikes whose window exists: the first, and the one after the last.
  const auto first = request_.first_sample + static_cast<std::int64_t>(request_.before);
  const auto last = first + static_cast<std::int64_t>(request_.samples) - static_cast<std::int64_t>(request_.window);
  // Windows of spikes before this one begin before the end of the slab: it is `before` later than they do.
  const auto end = first + static_cast<std::int64_t>(std::min(progress.end, slab_.end));

  std::array<std::uint64_t, spikes_at_a_time> begins{};
  std::size_t count = 0;
  bool is_past = false;
  const auto times = trains.times(unit, passed, std::min<std::uint64_t>(spike_count - passed, spikes_at_a_time));
  for (const double time : times.first(std::min(times.size(), spikes_at_a_time))) {
    const auto sample = kernels::to_sample(time - request_.start_ms, per_ms);
    is_past = sample && *sample >= end;
    if (is_past) break;
    passed++;
    // Checked for each spike: times can change meanwhile, and be out of order then.
    if (!sample || *sample < first || *sample > last) continue;
    const auto begin = static_cast<std::uint64_t>(*sample - first);
    if (begin >= slab_.first) begins[count++] = begin - slab_.first;
  }
  group.counted[unit] += count;
  const std::size_t units = trains.unit_count();
  const auto window = static_cast<std::size_t>(request_.window);
  for (std::size_t i = 0; i < group.channel_count; i++) {
    const std::int32_t slot = group.slots[i * units + unit];
    if (count == 0 || slot < 0) continue;
    const auto row = static_cast<std::uint64_t>(request_.rows[group.first_channel + i]);
    const std::byte* const samples = slab_.data + row * slab_.row * size_of(request_.type);
    kernels::add_windows(request_.type, samples, std::span(begins).first(count),
                         std::span(group.sums).subspan(static_cast<std::size_t>(slot) * window, window));
  }
  return is_past || passed == spike_count;
}

void MeanWaveforms::finish(Group& group) {
  const std::size_t units = request_.trains->unit_count();
  const auto window = static_cast<std::size_t>(request_.window);
  const auto width = static_cast<std::size_t>(request_.width);
  std::uint64_t not_finite = 0;
  for (std::size_t unit = 0; unit < units; unit++) {
    const std::uint64_t spikes = group.counted[unit];
    for (std::size_t i = 0; spikes > 0 && i < group.channel_count; i++) {
      const std::int32_t slot = group.slots[i * units + unit];
      if (slot < 0) continue;
      const std::size_t place = *place_of(group.first_channel + i, unit);
      for (std::size_t sample = 0; sample < window; sample++) {
        const double mean = group.sums[static_cast<std::size_t>(slot) * window + sample] / static_cast<double>(spikes);
        const auto stored = static_cast<float>(mean);
        const bool is_finite = std::isfinite(stored);
        not_finite += is_finite ? 0 : 1;
        means_[(unit * window + sample) * width + place] = is_finite ? stored : 0.0F;
      }
    }
  }
  not_finite_ += not_finite;
  if (group.first_channel == 0) spike_counts_ = group.counted;
  group = {};
}

}  // namespace spikeport
