#pragma once

// Statistics of all units: intervals, lags, rates, and the occupancy of a raster.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "kernels/lags.h"
#include "spikes/spike_trains.h"

namespace spikeport {

/** What is counted, and in which bins; all times are in ms. */
struct StatisticsRequest {
  std::shared_ptr<const SpikeTrains> trains;
  /** The window that is cut into bins of rates and of occupancy. */
  double start;
  double length;
  double isi_width;
  std::size_t isi_bins;
  /** Intervals below it are violations. */
  double refractory;
  double lag_width;
  std::size_t lag_bins;
  std::size_t rate_bins;
  /** 0 for none. */
  std::size_t occupancy_bins;
};

/** What is filled, unit by unit: zeros before. Counts of 2^32 or more become 2^32 - 1. */
struct StatisticsCounts {
  std::span<std::uint32_t> isi;
  std::span<std::uint32_t> lags;
  std::span<std::uint32_t> rates;
  std::span<double> violations;
  /** Whole bytes a unit, lowest bit first. */
  std::span<std::uint8_t> occupancy;
};

/** Equal bins of a window, closed at its end. A width of 0 is one bin for all that is at the start. */
struct WindowBins {
  double start;
  double width;
  std::size_t count;

  [[nodiscard]] std::size_t of(double time) const {
    const double bin = (time - start) / width;
    if (!(bin > 0)) return 0;
    return bin < static_cast<double>(count) ? static_cast<std::size_t>(bin) : count - 1;
  }
};

/**
 * Goes through all trains by any number of threads, tile by tile: a tile is up to some thousand spikes of one unit, so
 * that threads share a large unit, too. Memory is bounded by the tiles that threads work on.
 *
 * The pairs of a tile with itself and with each stretch after it are counted as costs least: at once where all have one
 * bin, one by one where they are few, and by the edges of bins where they are many. Times can change meanwhile where
 * they are the caller's: each thread works on a copy that is finite and in order.
 */
class SpikeStatistics {
 public:
  SpikeStatistics(StatisticsRequest request, StatisticsCounts counts, unsigned participants);

  /** Counts for about a millisecond; returns whether there is more for this participant. */
  bool count_some(unsigned participant);
  /** The spikes that the participant has done with since the last call. */
  std::uint64_t take_done(unsigned participant) { return std::exchange(progress_[participant].done, 0); }

 private:
  /** Where a participant is, and what it has counted of its tile. */
  struct Progress {
    std::size_t unit = 0;
    /** The number in its unit of the first spike of the next stretch after the tile. */
    std::uint64_t right_first = 0;
    /** The spikes of the next stretch, unless fewer are left. */
    std::size_t right_size = 0;
    /** The times of the tile; empty between two tiles. */
    std::vector<double> left;
    /** Those of the stretch that it is compared to. */
    std::vector<double> right;

    // How the pairs of both are counted: left times or bins, from `next` to `end` - 1.
    kernels::LagPair pair;
    bool is_each = false;
    std::size_t next = 0;
    std::size_t end = 0;
    /** About how many operations each of them takes. */
    std::uint64_t steps_each = 0;

    std::vector<std::uint64_t> isi;
    std::vector<std::uint64_t> lags;
    std::vector<std::uint64_t> rates;
    std::uint64_t violations = 0;
    /** The row of a unit, of which the tile has set bytes `occupied_first` to `occupied_end` - 1. */
    std::vector<std::uint8_t> occupancy;
    std::size_t occupied_first = 0;
    std::size_t occupied_end = 0;

    std::uint64_t done = 0;
  };

  /** Takes the next tile; returns whether there was one. */
  bool take_tile(Progress& progress);
  /** Counts all of a tile but its lags. */
  void count_times(Progress& progress) const;
  /** Counts some lags, and adds to `steps` about how many operations that took; returns whether the tile has more. */
  bool count_lags(Progress& progress, std::uint64_t& steps) const;
  /** Goes to the next stretch; returns whether there is one with lags that are counted. */
  bool next_right(Progress& progress, std::uint64_t& steps) const;
  /** Chooses how the pairs of both are counted. */
  void begin_pair(Progress& progress, std::uint64_t& steps) const;
  /** Adds what was counted of a tile to its unit. */
  void add_tile(Progress& progress);

  StatisticsRequest request_;
  StatisticsCounts counts_;
  kernels::LagBins isi_bins_;
  kernels::LagBins lag_bins_;
  WindowBins rate_bins_;
  WindowBins occupancy_bins_;
  std::vector<Progress> progress_;
  /** Protects what follows, and the counts. */
  std::mutex mutex_;
  std::size_t next_unit_ = 0;
  std::uint64_t next_spike_ = 0;
};

}  // namespace spikeport
