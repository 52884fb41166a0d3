#pragma once

// The one look at all times of trains that stay in a file: whether they are finite and in order.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "spikes/file_spike_trains.h"

namespace spikeport {

/**
 * Goes through trains in a file once, block by block, and takes note of the first and the last time of each. Trains
 * that are not in order, or not finite, cannot stay as they are: then nothing is known of any.
 *
 * Call `inspect_some` until it returns false, by any number of threads, then `finish`.
 */
class TrainInspection {
 public:
  explicit TrainInspection(std::shared_ptr<FileSpikeTrains> trains);

  /** Inspects the next block; returns whether there are more. */
  bool inspect_some();
  /** How many spikes were inspected since the last call. */
  std::uint64_t take_inspected() { return inspected_.exchange(0); }
  /** Whether all trains are finite and in order. */
  [[nodiscard]] bool finish() const;

 private:
  /** The times at the ends of a block. */
  struct Ends {
    double first;
    double last;
  };

  /** Whether the times of a block are in order, train by train. */
  bool inspect(std::uint64_t first, std::span<const double> times);
  /** Whether trains that go on from one block to the next are in order there. */
  [[nodiscard]] bool meet_in_order() const;

  std::shared_ptr<FileSpikeTrains> trains_;
  /** Of each block. */
  std::vector<Ends> blocks_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::uint64_t> inspected_ = 0;
  std::atomic<bool> is_in_order_ = true;
};

}  // namespace spikeport
