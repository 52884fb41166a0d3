#include "hdf5/chunks/chunk_batches.h"

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

/** Appends a chunk of a stream, which is encoded already. */
void append_stored(const StreamedChunks& chunks, const Chunk& chunk, StreamBuffer& out) {
  const auto& [address, size] = chunks.at(chunk.corner);
  chunks.file()->read(out.room(size), address);
  out.advance(size);
}

}  // namespace

ChunkBatches::ChunkBatches(std::span<const Object> objects, unsigned participants, IsEncoded is_encoded)
    : participants_(participants),
      most_kept_bytes_(most_kept_each * participants * block_size),
      objects_(objects),
      is_encoded_(is_encoded) {}

bool ChunkBatches::encode(Job& job, unsigned participant) {
  auto& [encoder, batch] = participants_[participant];
  take(batch);
  std::uint64_t covered = 0;
  for (ChunkItem& item : batch.items) {
    // A chunk at a high level takes long enough for one of them to be the last.
    job.throw_if_cancelled();
    const auto& [dataset, first, grid] = *item.dataset;
    item.begin = batch.streams.size();
    if (dataset.streamed) {
      append_stored(*dataset.streamed, item.chunk, batch.streams);
    } else {
      encoder.encode(*dataset.source, first, grid, item.chunk, *dataset.chunking, batch.streams);
    }
    item.end = batch.streams.size();
    covered += element_count(item.chunk.box) * size_of(dataset.source->type());
  }
  if (covered > 0) job.advance(covered);
  return !batch.items.empty();
}

bool ChunkBatches::hand_over(unsigned participant, const std::function<void(const ChunkBatch&)>& write) {
  std::vector<ChunkBatch> ready = take_ready(participant);
  for (ChunkBatch& batch : ready) {
    write(batch);
    batch.items.clear();
    batch.streams.clear();
  }
  const std::lock_guard lock(order_mutex_);
  for (ChunkBatch& batch : ready) spare_.push_back(std::move(batch));
  return kept_bytes_ <= most_kept_bytes_;
}

std::vector<ChunkBatch> ChunkBatches::take_ready(unsigned participant) {
  ChunkBatch& made = participants_[participant].batch;
  std::vector<ChunkBatch> ready;
  const std::lock_guard lock(order_mutex_);
  ChunkBatch empty;
  if (!spare_.empty()) {
    empty = std::move(spare_.back());
    spare_.pop_back();
  }
  kept_bytes_ += made.streams.size();
  const std::uint64_t number = made.number;
  kept_.emplace(number, std::exchange(made, std::move(empty)));
  for (auto next = kept_.begin(); next != kept_.end() && next->first == next_handed_over_; next = kept_.erase(next)) {
    ChunkBatch& batch = next->second;
    batch.offset = bytes_before_;
    bytes_before_ += batch.streams.size();
    kept_bytes_ -= batch.streams.size();
    next_handed_over_++;
    ready.push_back(std::move(batch));
  }
  return ready;
}

void ChunkBatches::take(ChunkBatch& batch) {
  const std::lock_guard lock(mutex_);
  std::uint64_t bytes = 0;
  while (bytes < most_batch_bytes && batch.items.size() < most_chunks) {
    while (!current_ || next_chunk_ == current_->grid.size()) {
      if (!next_dataset()) break;
    }
    if (!current_) break;
    bytes += weight_of(*current_->dataset.source, current_->grid);
    batch.items.push_back({.dataset = current_, .chunk = current_->grid[next_chunk_++], .number = next_number_++});
  }
  if (!batch.items.empty()) batch.number = next_batch_++;
}

bool ChunkBatches::next_dataset() {
  for (; next_object_ < objects_.size(); next_object_++) {
    if (std::visit([this](const auto& object) { return next_dataset(object); }, objects_[next_object_])) return true;
  }
  current_ = nullptr;
  return false;
}

bool ChunkBatches::next_dataset(const Dataset& dataset) {
  if (!has_chunks(dataset.chunking, dataset.source->shape()) || dataset.source->size() == 0) return false;
  if (!is_encoded_(dataset)) return false;
  next_object_++;
  open(dataset, 0, dataset.source->shape());
  return true;
}

bool ChunkBatches::next_dataset(const UnitDatasets& group) {
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

void ChunkBatches::open(Dataset dataset, std::uint64_t first, std::span<const std::uint64_t> shape) {
  ChunkGrid grid({shape.begin(), shape.end()}, chunk_shape(*dataset.chunking, shape, size_of(dataset.source->type())));
  current_ = std::make_shared<const ChunkedDataset>(ChunkedDataset{std::move(dataset), first, std::move(grid)});
  next_chunk_ = 0;
}

}  // namespace spikeport::hdf5
