#pragma once

// Mean waveforms of units: averages of the raw samples around their spikes.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "kernels/element_type.h"
#include "reading/sample_file.h"
#include "spikes/spike_trains.h"

namespace spikeport {

/** What is averaged. The caller keeps raw samples in memory alive. */
struct MeanWaveformsRequest {
  std::shared_ptr<const SpikeTrains> trains;
  double fs_hz;
  /** The time of sample 0 in ms. */
  double start_ms;

  // The raw samples: rows × samples in C order, or those of a file, whose channels are the rows; and the sample number
  // of the first.
  ElementType type;
  const std::byte* data;
  std::shared_ptr<const SampleFile> file;
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

  /** The bytes of samples that are read from a file at a time: threads wait for each other twice a slab. */
  std::uint64_t slab_bytes = std::uint64_t{1} << 25U;
};

/**
 * Averages in one pass over the raw samples: each thread takes a few channels at a time and adds up the windows of all
 * spikes, from one stretch of samples to the next. Sums are in float64, in the order of time, and so the same for any
 * number of threads. Those of a unit and a channel take a window of memory: in memory for the channels that threads
 * work on, of a file for all.
 *
 * Samples of a file are read slab by slab, each all channels for some time, by all threads; then all add up its
 * windows.
 *
 * Spikes whose window is not all within the raw samples do not count.
 */
class MeanWaveforms {
 public:
  /** @param means units × window × width zeros, to be filled */
  MeanWaveforms(MeanWaveformsRequest request, std::span<float> means, unsigned participants);

  /** How many slabs the samples are; in memory they are one. */
  [[nodiscard]] std::uint64_t slab_count() const;
  /** Begins with the next slab. */
  void begin_slab();
  /** Whether the samples of slabs are to be read. */
  [[nodiscard]] bool reads() const { return reader_.has_value(); }
  /** Reads a part of the slab; returns whether there is more. */
  bool read_some();
  /** Adds up windows for some milliseconds; returns whether there is more for this participant. */
  bool add_some(unsigned participant);

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
  [[nodiscard]] std::size_t group_count() const { return groups_.size(); }

 private:
  /** Channels that one participant works on at a time. */
  struct Group {
    std::size_t first_channel = 0;
    std::size_t channel_count = 0;
    /** Per unit: the number of spikes behind, and of those that counted. */
    std::vector<std::uint64_t> passed;
    std::vector<std::uint64_t> counted;
    /** Channels × units: the number of the pair's sums, or -1 where the channel is not in the unit's mean. */
    std::vector<std::int32_t> slots;
    /** Pairs × window. */
    std::vector<double> sums;
  };

  /** Where a participant is. */
  struct Progress {
    Group* group = nullptr;
    /** The end of the stretch of samples, counted from the first raw sample. */
    std::uint64_t end = 0;
    std::size_t unit = 0;
    /** See `take_done`. */
    std::uint64_t done_bytes = 0;
  };

  /** Samples that are in memory: of each row those from `first` on. Windows that begin before `end` are all there. */
  struct Slab {
    const std::byte* data = nullptr;
    /** The samples of a row in memory. */
    std::uint64_t row = 0;
    std::uint64_t first = 0;
    std::uint64_t end = 0;
  };

  bool take_group(Progress& progress);
  void begin(Group& group) const;
  /** The place of a channel in a unit's mean; none where it is not. */
  [[nodiscard]] std::optional<std::size_t> place_of(std::size_t channel, std::size_t unit) const;
  /** Adds the unit's windows that begin before the end of the stretch, at most some; returns whether that was all. */
  bool add_unit(Progress& progress) const;
  void finish(Group& group);

  MeanWaveformsRequest request_;
  std::span<float> means_;
  /** The samples of a stretch, and of a slab. */
  std::uint64_t stretch_;
  std::uint64_t slab_samples_;
  Slab slab_;
  /** Of a file: its samples, rows × samples of a slab and a window. */
  std::vector<std::byte> samples_;
  std::optional<SampleReader> reader_;
  std::atomic<std::uint64_t> next_read_ = 0;
  std::vector<Group> groups_;
  std::atomic<std::size_t> next_group_ = 0;
  std::atomic<std::uint64_t> not_finite_ = 0;
  std::vector<std::uint64_t> spike_counts_;
  std::vector<Progress> progress_;
};

}  // namespace spikeport
