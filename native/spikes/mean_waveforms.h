#pragma once

// Mean waveforms of units: averages of the raw samples around their spikes.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "kernels/element_type.h"
#include "spikes/spike_trains.h"

namespace spikeport {

/** What is averaged. The caller keeps the raw samples alive. */
struct MeanWaveformsRequest {
  std::shared_ptr<const SpikeTrains> trains;
  double fs_hz;
  /** The time of sample 0 in ms. */
  double start_ms;

  // The raw samples, rows × samples in C order, and the sample number of the first.
  ElementType type;
  const std::byte* data;
  std::uint64_t samples;
  std::int64_t first_sample;

  /** The window of a spike begins this many samples before it. */
  std::uint64_t before;
  /** The samples of a window. */
  std::uint64_t window;
  /** The row of each channel in the raw samples. */
  std::vector<std::int32_t> rows;
  /** The channels of each unit's mean, units × width, -1 for none; empty where all units have all channels. */
  std::vector<std::int32_t> channels;
  /** The channels of each mean. */
  std::uint64_t width;
};

/**
 * Averages in one pass over the raw samples: each thread takes a few channels at a time and adds up the windows of all
 * spikes, from one stretch of samples to the next. Its sums take units × window × those channels of memory. Sums are in
 * float64, in the order of time, and so the same for any number of threads.
 *
 * Spikes whose window is not all within the raw samples do not count.
 */
class MeanWaveforms {
 public:
  /** @param means units × window × width zeros, to be filled */
  MeanWaveforms(MeanWaveformsRequest request, std::span<float> means, unsigned participants);

  /** Works for some milliseconds; returns whether there is more for this participant. */
  bool work_some(unsigned participant);

  /** The bytes of raw samples that the participant has passed since the last call. */
  std::uint64_t take_done(unsigned participant) { return std::exchange(progress_[participant].done_bytes, 0); }

  /** The bytes of raw samples that all participants will have passed. */
  [[nodiscard]] std::uint64_t byte_count() const;

  // When all is done:

  /** How many spikes each unit's mean is of. */
  [[nodiscard]] std::span<const std::uint64_t> spike_counts() const { return spike_counts_; }
  /** How many means were not finite, and are 0. */
  [[nodiscard]] std::uint64_t not_finite() const { return not_finite_; }

  /** How many participants can have work. */
  [[nodiscard]] std::size_t group_count() const { return (request_.rows.size() + group_size_ - 1) / group_size_; }

 private:
  /** The channels a participant works on, and how far it is. */
  struct Progress {
    bool is_working = false;
    std::size_t first_channel = 0;
    std::size_t channel_count = 0;
    /** The end of the stretch of samples, counted from the first raw sample. */
    std::uint64_t end = 0;
    std::size_t unit = 0;
    /** Per unit: the number of spikes behind, and of those that counted. */
    std::vector<std::uint64_t> passed;
    std::vector<std::uint64_t> counted;
    /** Channels × units × window. */
    std::vector<double> sums;
    /** Channels × units: the place of a channel in the unit's mean, or -1. */
    std::vector<std::int32_t> places;
    /** See `take_done`. */
    std::uint64_t done_bytes = 0;
  };

  bool begin_group(Progress& progress);
  /** Adds the unit's windows that begin before the end of the stretch, at most some; returns whether that was all. */
  bool add_unit(Progress& progress);
  void finish_group(const Progress& progress);

  MeanWaveformsRequest request_;
  std::span<float> means_;
  /** The samples of a stretch. */
  std::uint64_t stretch_;
  std::size_t group_size_;
  std::atomic<std::size_t> next_group_ = 0;
  std::atomic<std::uint64_t> not_finite_ = 0;
  std::vector<std::uint64_t> spike_counts_;
  std::vector<Progress> progress_;
};

}  // namespace spikeport
