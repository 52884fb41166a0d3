// Makes spike times of a raster of counts, without the dense matrix.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/job.h"
#include "hdf5/reading/chunk_decoder.h"
#include "hdf5/reading/chunk_source.h"
#include "hdf5/reading/chunk_walk.h"
#include "hdf5/reading/stored_dataset.h"
#include "kernels/raster_counts.h"

namespace spikeport::hdf5 {

/**
 * Reads a raster, units × bins, twice: `count_job` counts the spikes of each unit, `fill_job` makes their times, or
 * else `next_job` some at a time. Chunks that were never written, and in the second pass those without spikes, are not
 * read.
 */
class RasterReader : public std::enable_shared_from_this<RasterReader> {
 public:
  explicit RasterReader(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] std::shared_ptr<Job> count_job(std::shared_ptr<OpenFile> file, unsigned threads);
  /** @param times room for as many times as there are spikes */
  [[nodiscard]] std::shared_ptr<Job> fill_job(std::shared_ptr<OpenFile> file, const kernels::RasterBins& bins,
                                              std::span<double> times, unsigned threads);
  /**
   * Makes the next times in the order of chunks, in which those of each unit ascend. A chunk with times of two calls is
   * read by both.
   * @param times room for the times that are wanted, no more than are left
   * @param units as much room for the unit of each
   */
  [[nodiscard]] std::shared_ptr<Job> next_job(std::shared_ptr<OpenFile> file, const kernels::RasterBins& bins,
                                              std::span<double> times, std::span<std::uint32_t> units,
                                              unsigned threads);
  /** How many times `next_job` has yet to make. */
  [[nodiscard]] std::uint64_t left() const {
    return (ends_.empty() ? 0 : static_cast<std::uint64_t>(ends_.back())) - end_;
  }

  /** Once counted: cumulative end counts, one a unit, and the number of bins. */
  [[nodiscard]] const std::vector<std::int64_t>& ends() const { return ends_; }
  [[nodiscard]] std::uint64_t bins() const { return bin_count_; }

 private:
  /** A part of the raster that is read in one go: a chunk, or rows or a part of a row of a contiguous one. */
  struct Block {
    std::size_t number = 0;
    std::uint64_t first_unit = 0;
    std::uint64_t first_bin = 0;
    std::uint64_t units = 0;
    std::uint64_t bins = 0;
    /** The bins of a row of the chunk, some of which may be past the end. */
    std::uint64_t stride = 0;
    StoredChunk stored;
  };

  /** The spikes of a block with any, and for `fill_job` where the first time of each of its units goes. */
  struct Counted {
    std::size_t number = 0;
    std::uint64_t first_unit = 0;
    std::vector<std::uint64_t> spikes;
    /** Which of all spikes, in the order of blocks, are its own. */
    std::uint64_t first = 0;
    std::uint64_t end = 0;
  };

  /** What is done with the counts. */
  enum class Pass : std::uint8_t { count, fill, next };

  /** What one participant works on. */
  struct Batch {
    std::vector<std::byte> bytes;
    std::vector<Block> blocks;
    ChunkDecoder decoder;
    /** A chunk that was never written. */
    std::vector<std::byte> filled;
  };

  [[nodiscard]] std::shared_ptr<Job> job(std::shared_ptr<OpenFile> file, unsigned threads, Pass pass);
  // On the HDF5 thread.
  void open();
  void begin_pass(Pass pass);
  void take(unsigned participant, Pass pass);
  void take_block(Batch& batch, Pass pass);
  void end_count();
  void place_times();
  // On any thread.
  bool work(Job& job, unsigned participant, Pass pass);
  /** The counts of a block; empty where all are 0. */
  [[nodiscard]] std::span<const std::byte> counts_of(Batch& batch, const Block& block);
  void count(const Block& block, std::span<const std::byte> counts);
  /** @return the number of spikes */
  std::size_t fill(const Block& block, std::span<const std::byte> counts) const;
  /** The same of those that this call is for. */
  std::size_t fill_next(const Block& block, std::span<const std::byte> counts) const;
  template <typename Visit>
  void visit_rows(const Block& block, std::span<const std::byte> counts, Visit visit) const;

  /** During a job. */
  std::shared_ptr<OpenFile> file_;
  std::string path_;
  StoredDataset dataset_;
  /** The shape of blocks. */
  std::vector<std::uint64_t> block_shape_;
  /** The bytes of a count that was never written; empty where it is 0. */
  std::vector<std::byte> fill_;
  std::uint64_t bin_count_ = 0;
  ChunkWalk walk_;
  std::size_t walked_ = 0;
  std::atomic<bool> all_taken_ = false;
  std::vector<Batch> batches_;
  std::mutex mutex_;
  /** In order of their numbers once all are counted. */
  std::vector<Counted> counted_;
  std::size_t next_counted_ = 0;
  std::vector<std::int64_t> ends_;
  kernels::RasterBins bins_;
  /** The bytes without filters of the chunks of this pass that are in the file. */
  std::uint64_t decoded_ = 0;
  std::span<double> times_;
  // Of `next_job`:
  std::span<std::uint32_t> units_;
  /** Which spikes it is for. */
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
  /** Whether the next block was read before. */
  bool is_read_again_ = false;
};

}  // namespace spikeport::hdf5
