#include "hdf5/library/chunk_writer.h"

#include <string>
#include <utility>
#include <variant>

#include "engine/block.h"

namespace spikeport::hdf5 {
namespace {

/** A batch is large enough that handing over costs little, and small enough to be kept. */
constexpr std::uint64_t most_batch_bytes = block_size;
constexpr std::size_t most_chunks = 64;

/** How many batches of the largest size may wait for one that takes longer, for each thread that makes them. */
constexpr std::size_t most_kept_each = 2;

/** What a chunk adds to a batch. Of zeros, hardly anything is left. */
std::uint64_t weight_of(const Source& source, const ChunkGrid& grid) {
  constexpr std::uint64_t sparse_share = 16;
  const std::uint64_t bytes = grid.chunk_elements() * size_of(source.type());
  return source.sparse() == nullptr ? bytes : bytes / sparse_share;
}

}  // namespace

ChunkWriter::ChunkWriter(std::span<const Object> objects, unsigned participants)
    : participants_(participants), most_kept_bytes_(most_kept_each * participants * block_size), objects_(objects) {}

bool ChunkWriter::encode(Job& job, unsigned participant) {
  auto& [encoder, batch] = participants_[participant];
  // Kept even if what follows fails: only the HDF5 thread may be the last to hold an open dataset.
  take(batch);
  std::uint64_t covered = 0;
  for (Item& item : batch.items) {
    // A chunk at a high level takes long enough for one of them to be the last.
    job.throw_if_cancelled();
    const auto& [dataset, first, grid, chunks_left, handle] = *item.dataset;
    item.begin = batch.streams.size();
    encoder.encode(*dataset.source, first, grid, item.chunk, *dataset.chunking, batch.streams);
    item.end = batch.streams.size();
    covered += element_count(item.chunk.box) * size_of(dataset.source->type());
  }
  if (covered > 0) job.advance(covered);
  return !batch.items.empty();
}

bool ChunkWriter::write(File& file, unsigned participant) {
  Batch& made = participants_[participant].batch;
  if (made.number != next_written_) {
    Batch empty;
    if (!spare_.empty()) {
      empty = std::move(spare_.back());
      spare_.pop_back();
    }
    kept_bytes_ += made.streams.size();
    const std::uint64_t number = made.number;
    kept_.emplace(number, std::exchange(made, std::move(empty)));
    return kept_bytes_ <= most_kept_bytes_;
  }
  write(file, made);
  next_written_++;
  for (auto next = kept_.begin(); next != kept_.end() && next->first == next_written_; next = kept_.erase(next)) {
    kept_bytes_ -= next->second.streams.size();
    write(file, next->second);
    next_written_++;
    spare_.push_back(std::move(next->second));
  }
  return kept_bytes_ <= most_kept_bytes_;
}

void ChunkWriter::write(File& file, Batch& batch) {
  auto& [number, items, streams] = batch;
  for (const Item& item : items) {
    auto& [dataset, first, grid, chunks_left, handle] = *item.dataset;
    if (!handle.is_open()) {
      handle = file.create_dataset(dataset.path, dataset.type(), grid.shape(), dataset.chunking, dataset.attributes);
    }
    if (item.begin < item.end) {
      file.write_encoded_chunk(handle, item.chunk.corner, streams.bytes().subspan(item.begin, item.end - item.begin));
    }
    if (--chunks_left == 0) handle = Handle();
  }
  items.clear();
  streams.clear();
}

void ChunkWriter::take(Batch& batch) {
  const std::lock_guard lock(mutex_);
  std::uint64_t bytes = 0;
  while (bytes < most_batch_bytes && batch.items.size() < most_chunks) {
    while (!current_ || next_chunk_ == current_->grid.size()) {
      if (!next_dataset()) break;
    }
    if (!current_) break;
    bytes += weight_of(*current_->dataset.source, current_->grid);
    batch.items.push_back({.dataset = current_, .chunk = current_->grid[next_chunk_++]});
  }
  if (!batch.items.empty()) batch.number = next_batch_++;
}

bool ChunkWriter::next_dataset() {
  for (; next_object_ < objects_.size(); next_object_++) {
    if (std::visit([this](const auto& object) { return next_dataset(object); }, objects_[next_object_])) return true;
  }
  current_ = nullptr;
  return false;
}

bool ChunkWriter::next_dataset(const Dataset& dataset) {
  if (!has_chunks(dataset.chunking, dataset.source->shape()) || dataset.source->size() == 0) return false;
  next_object_++;
  open(dataset, 0, dataset.source->shape());
  return true;
}

bool ChunkWriter::next_dataset(const UnitDatasets& group) {
  const SpikeTrains& trains = group.source->trains();
  while (next_unit_ < trains.unit_count()) {
    const std::size_t unit = next_unit_++;
    const std::uint64_t count = trains.spike_count(unit);
    if (!group.chunking || count == 0) continue;
    open({unit_path(group, unit), group.source, group.chunking, {}}, trains.first_spike(unit), {&count, 1});
    return true;
  }
  next_unit_ = 0;
  return false;
}

void ChunkWriter::open(Dataset dataset, std::uint64_t first, std::span<const std::uint64_t> shape) {
  ChunkGrid grid({shape.begin(), shape.end()}, chunk_shape(*dataset.chunking, shape, size_of(dataset.source->type())));
  const std::uint64_t chunks = grid.size();
  current_ = std::make_shared<OpenDataset>(OpenDataset{std::move(dataset), first, std::move(grid), chunks, Handle()});
  next_chunk_ = 0;
}

}  // namespace spikeport::hdf5
