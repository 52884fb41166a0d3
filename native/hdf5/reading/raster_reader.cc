#include "hdf5/reading/raster_reader.h"

#include <algorithm>
#include <utility>

#include "engine/block.h"
#include "engine/export_job.h"
#include "kernels/inflate.h"
#include "platform/memory.h"

namespace spikeport::hdf5 {
namespace {

/** More chunks, written or not, are not tried one by one. */
constexpr std::uint64_t most_blocks = std::uint64_t{1} << 24U;

/** More units than any recording has (MAX_UNITS of lib/recording/spike-data-builder.ts). */
constexpr std::uint64_t most_units = std::uint64_t{1} << 24U;

/** What is taken out of a file at a time. */
constexpr std::size_t batch_blocks = 64;
constexpr std::size_t raster_batch_bytes = block_size;

/** A file of so many bytes is read before another thread wakes up. */
constexpr std::uint64_t small_file = std::uint64_t{1} << 16U;

/** Blocks of about 1 MiB for counts without chunks: some rows, or a part of one. */
std::vector<std::uint64_t> contiguous_blocks(std::uint64_t bins, std::size_t size) {
  const std::uint64_t elements = block_size / size;
  if (bins >= elements) return {1, elements};
  return {elements / std::max<std::uint64_t>(1, bins), std::max<std::uint64_t>(1, bins)};
}

std::uint64_t divided_up(std::uint64_t number, std::uint64_t by) { return number / by + (number % by != 0 ? 1 : 0); }

}  // namespace

std::shared_ptr<Job> RasterReader::count_job(std::shared_ptr<OpenFile> file, unsigned threads) {
  return job(std::move(file), threads, Pass::count);
}

std::shared_ptr<Job> RasterReader::fill_job(std::shared_ptr<OpenFile> file, const kernels::RasterBins& bins,
                                            std::span<double> times, unsigned threads) {
  bins_ = bins;
  times_ = times;
  platform::expect_filling(std::as_writable_bytes(times));
  return job(std::move(file), threads, Pass::fill);
}

std::shared_ptr<Job> RasterReader::next_job(std::shared_ptr<OpenFile> file, const kernels::RasterBins& bins,
                                            std::span<double> times, std::span<std::uint32_t> units, unsigned threads) {
  bins_ = bins;
  times_ = times;
  units_ = units;
  first_ = end_;
  end_ += times.size();
  return job(std::move(file), threads, Pass::next);
}

std::shared_ptr<Job> RasterReader::job(std::shared_ptr<OpenFile> file, unsigned threads, Pass pass) {
  file_ = std::move(file);
  const bool is_small = file_->opened().size <= small_file;
  ThreadPool& pool = is_small ? hdf5_thread() : workers();
  const unsigned participants = is_small ? 1 : std::max(1U, threads);
  batches_ = std::vector<Batch>(participants);
  const auto self = shared_from_this();
  const auto begin = [self, pass](Job& current, unsigned /*participant*/) {
    if (pass == Pass::count) self->open();
    if (pass == Pass::fill) self->place_times();
    self->begin_pass(pass);
    current.expect_bytes(self->times_.size_bytes());
    return false;
  };
  const auto end = [self, pass](Job& /*job*/, unsigned /*participant*/) {
    self->file_->require_unchanged();
    if (pass == Pass::count) self->end_count();
    return false;
  };
  const auto close = [self](Job& /*job*/, unsigned /*participant*/) {
    self->dataset_.handle = {};
    self->batches_.clear();
    self->file_.reset();
    return false;
  };
  return std::make_shared<Job>(std::vector<Stage>{
      {.threads = hdf5_thread(), .work = begin},
      {.threads = pool,
       .work = [self, pass](Job& current, unsigned participant) { return self->work(current, participant, pass); },
       .participants = participants,
       .relay = Relay{.threads = hdf5_thread(),
                      .work =
                          [self, pass](Job& /*job*/, unsigned participant) {
                            self->take(participant, pass);
                            return true;
                          }}},
      {.threads = hdf5_thread(), .work = end},
      {.threads = hdf5_thread(), .work = close, .always = true},
  });
}

void RasterReader::open() {
  dataset_ = open_dataset(*file_, path_);
  const bool is_chunked = dataset_.layout == StoredDataset::Layout::chunked;
  if (!dataset_.problem.empty()) file_->refuse(path_, dataset_.problem);
  if (!dataset_.type.is_numeric()) file_->refuse(path_, "its elements are no numbers");
  fill_ = fill_value(*file_, dataset_);
  if (std::ranges::all_of(fill_, [](std::byte byte) { return byte == std::byte{0}; })) fill_.clear();
  // Chunks that were never written may be many: without spikes they are skipped.
  if (is_chunked && fill_.empty()) dataset_.excess.clear();
  require_readable(*file_, dataset_);
  if (dataset_.shape.size() != 2) file_->refuse(path_, "it is no raster of units and bins: it does not have two axes");
  if (dataset_.shape[0] > most_units) file_->refuse(path_, "it has more than 2^24 units");
  bin_count_ = dataset_.shape[1];
  block_shape_ = is_chunked ? dataset_.chunk : contiguous_blocks(bin_count_, dataset_.type.size);
  const std::uint64_t down = divided_up(dataset_.shape[0], block_shape_[0]);
  const std::uint64_t across = divided_up(bin_count_, block_shape_[1]);
  if (across > 0 && down > most_blocks / across) file_->refuse(path_, "it has more than 2^24 chunks");
}

void RasterReader::begin_pass(Pass pass) {
  if (!dataset_.handle.is_open()) dataset_.handle = file_->open_dataset(path_).handle;
  if (pass == Pass::next && first_ > 0) {
    all_taken_ = walk_.is_done();
    return;
  }
  walked_ = 0;
  decoded_ = 0;
  next_counted_ = 0;
  const bool is_empty = dataset_.shape[0] == 0 || bin_count_ == 0;
  walk_ = is_empty ? ChunkWalk() : ChunkWalk(dataset_.shape, block_shape_, 0, dataset_.shape[0]);
  all_taken_ = walk_.is_done();
}

void RasterReader::take(unsigned participant, Pass pass) {
  Batch& batch = batches_[participant];
  batch.bytes.clear();
  batch.blocks.clear();
  // Another participant may have taken the last block, where the walk stays if the next call has times of it.
  if (all_taken_) return;
  std::size_t size = 0;
  bool is_enough = false;
  // Steps over chunks that are not needed are short, but many.
  for (std::size_t steps = 0;
       !walk_.is_done() && steps < 16 * batch_blocks && batch.blocks.size() < batch_blocks && size < raster_batch_bytes;
       steps++) {
    const bool is_needed =
        pass == Pass::count || (next_counted_ < counted_.size() && counted_[next_counted_].number == walked_);
    if (is_needed) {
      is_enough = pass == Pass::next && counted_[next_counted_].first >= end_;
      if (is_enough) break;
      take_block(batch, pass);
      size = std::max(batch.bytes.size(),
                      batch.blocks.size() * block_shape_[0] * block_shape_[1] * dataset_.type.size / 4);
      is_enough = pass == Pass::next && counted_[next_counted_].end > end_;
      is_read_again_ = is_enough;
      if (is_enough) break;
      if (pass != Pass::count) next_counted_++;
    }
    walked_++;
    walk_.next();
  }
  all_taken_ = is_enough || walk_.is_done();
}

void RasterReader::take_block(Batch& batch, Pass pass) {
  const auto& corner = walk_.corner();
  Block block{.number = pass == Pass::count ? walked_ : next_counted_,
              .first_unit = corner[0],
              .first_bin = corner[1],
              .units = std::min(block_shape_[0], dataset_.shape[0] - corner[0]),
              .bins = std::min(block_shape_[1], bin_count_ - corner[1]),
              .stride = 0,
              .stored = {}};
  if (dataset_.layout == StoredDataset::Layout::chunked) {
    block.stored = take_chunk(*file_, dataset_, corner, batch.bytes);
    block.stride = block.stored.box[1];
    if (!block.stored.is_there && fill_.empty()) return;
    // A file may name the same bytes as many chunks.
    if (!is_read_again_) decoded_ += block.stored.box[0] * block.stored.box[1] * dataset_.type.size;
    if (decoded_ > always_possible + kernels::most_growth * file_->opened().size) {
      file_->refuse(path_, "its chunks have more bytes than the file can hold");
    }
  } else {
    block.stride = block.bins;
    block.stored.size = block.units * block.bins * dataset_.type.size;
    block.stored.is_there = dataset_.offset.has_value();
    if (dataset_.layout == StoredDataset::Layout::compact) {
      // All of it, less than 64 KiB: a single block.
      const Handle type = file_->check(H5Dget_type(dataset_.handle.get()), H5Tclose, path_, "read it");
      batch.bytes.resize(block.stored.size);
      file_->check(H5Dread(dataset_.handle.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, batch.bytes.data()), path_,
                   "read it");
      block.stored.is_there = true;
    }
    if (!block.stored.is_there && fill_.empty()) return;
  }
  batch.blocks.push_back(std::move(block));
}

bool RasterReader::work(Job& job, unsigned participant, Pass pass) {
  Batch& batch = batches_[participant];
  for (const Block& block : batch.blocks) {
    job.throw_if_cancelled();
    const auto counts = counts_of(batch, block);
    if (pass == Pass::count) {
      count(block, counts);
    } else {
      job.advance(sizeof(double) * (pass == Pass::fill ? fill(block, counts) : fill_next(block, counts)));
    }
  }
  batch.blocks.clear();
  return !all_taken_;
}

std::span<const std::byte> RasterReader::counts_of(Batch& batch, const Block& block) {
  const std::size_t size = dataset_.type.size;
  const bool is_chunk = dataset_.layout == StoredDataset::Layout::chunked;
  std::size_t bytes = size * (is_chunk ? block.stored.box[0] * block.stored.box[1] : block.units * block.bins);
  if (!block.stored.is_there) {
    batch.filled.clear();
    for (std::size_t at = 0; at < bytes; at += size) {
      batch.filled.insert(batch.filled.end(), fill_.begin(), fill_.end());
    }
    return batch.filled;
  }
  if (is_chunk) {
    std::string problem;
    const auto stored = std::span(batch.bytes).subspan(block.stored.first, block.stored.size);
    const auto counts = batch.decoder.decode(stored, dataset_.filters, block.stored.mask, bytes, problem);
    if (!problem.empty()) file_->refuse(path_, problem);
    return counts;
  }
  if (!dataset_.offset) return std::span(batch.bytes).first(bytes);
  const auto counts = thread_block().first(bytes);
  const std::uint64_t first = block.first_unit * bin_count_ + block.first_bin;
  if (file_->bytes().read(counts, *dataset_.offset + first * size) != bytes) {
    file_->refuse(path_, "the file has become shorter while it was read");
  }
  return counts;
}

template <typename Visit>
void RasterReader::visit_rows(const Block& block, std::span<const std::byte> counts, Visit visit) const {
  const std::size_t size = dataset_.type.size;
  for (std::uint64_t row = 0; row < block.units; row++) {
    visit(row, counts.subspan(row * block.stride * size, block.bins * size));
  }
}

void RasterReader::count(const Block& block, std::span<const std::byte> counts) {
  Counted counted{.number = block.number, .first_unit = block.first_unit, .spikes = {}, .first = 0, .end = 0};
  visit_rows(block, counts, [&](std::uint64_t row, std::span<const std::byte> bins) {
    const auto sum = kernels::sum_counts(bins, dataset_.type.elements);
    if (sum.problem < block.bins) {
      file_->refuse(path_, "its element [" + std::to_string(block.first_unit + row) + ", " +
                               std::to_string(block.first_bin + sum.problem) + "] is no count of spikes");
    }
    if (sum.spikes == 0) return;
    counted.spikes.resize(block.units);
    counted.spikes[row] = sum.spikes;
  });
  if (counted.spikes.empty()) return;
  const std::lock_guard lock(mutex_);
  counted_.push_back(std::move(counted));
}

void RasterReader::end_count() {
  std::ranges::sort(counted_, {}, &Counted::number);
  std::vector<std::uint64_t> spikes(dataset_.shape[0]);
  std::uint64_t first = 0;
  for (Counted& block : counted_) {
    block.first = first;
    for (std::size_t row = 0; row < block.spikes.size(); row++) {
      std::uint64_t& sum = spikes[block.first_unit + row];
      if (block.spikes[row] > most_spikes || sum > most_spikes - block.spikes[row])
        file_->refuse(path_, "it has more than 2^53 spikes");
      sum += block.spikes[row];
      first += block.spikes[row];
    }
    block.end = first;
  }
  ends_.assign(spikes.size(), 0);
  std::uint64_t end = 0;
  for (std::size_t unit = 0; unit < spikes.size(); unit++) {
    if (spikes[unit] > most_spikes - end) file_->refuse(path_, "it has more than 2^53 spikes");
    end += spikes[unit];
    ends_[unit] = static_cast<std::int64_t>(end);
  }
}

void RasterReader::place_times() {
  std::vector<std::uint64_t> starts(ends_.size());
  for (std::size_t unit = 1; unit < starts.size(); unit++) starts[unit] = static_cast<std::uint64_t>(ends_[unit - 1]);
  // Blocks of the same units are in order of their bins.
  for (Counted& block : counted_) {
    for (std::size_t row = 0; row < block.spikes.size(); row++) {
      std::uint64_t& start = starts[block.first_unit + row];
      start += std::exchange(block.spikes[row], start);
    }
  }
}

std::size_t RasterReader::fill(const Block& block, std::span<const std::byte> counts) const {
  const auto& starts = counted_[block.number].spikes;
  std::size_t spikes = 0;
  visit_rows(block, counts, [&](std::uint64_t row, std::span<const std::byte> bins) {
    const std::uint64_t start = std::min<std::uint64_t>(starts[row], times_.size());
    spikes += kernels::times_of_counts(bins, dataset_.type.elements, bins_, block.first_bin, 0,
                                       times_.subspan(static_cast<std::size_t>(start)));
  });
  return spikes;
}

std::size_t RasterReader::fill_next(const Block& block, std::span<const std::byte> counts) const {
  const Counted& counted = counted_[block.number];
  std::size_t spikes = 0;
  std::uint64_t start = counted.first;
  visit_rows(block, counts, [&](std::uint64_t row, std::span<const std::byte> bins) {
    const std::uint64_t from = std::max(start, first_);
    const std::uint64_t to = std::min(start + counted.spikes[row], end_);
    if (from < to) {
      const auto at = static_cast<std::size_t>(from - first_);
      const auto count = static_cast<std::size_t>(to - from);
      spikes += kernels::times_of_counts(bins, dataset_.type.elements, bins_, block.first_bin, from - start,
                                         times_.subspan(at, count));
      std::ranges::fill(units_.subspan(at, count), static_cast<std::uint32_t>(block.first_unit + row));
    }
    start += counted.spikes[row];
  });
  return spikes;
}

}  // namespace spikeport::hdf5
