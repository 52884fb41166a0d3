#include "hdf5/chunk_writer.h"

#include <string>
#include <utility>
#include <variant>

namespace spikeport::hdf5 {
namespace {

/** Enough that handing over costs little, and little enough to hold. */
constexpr std::size_t most_encoded_bytes = std::size_t{1} << 18U;
constexpr unsigned most_chunks = 64;

}  // namespace

ChunkWriter::ChunkWriter(std::span<const Object> objects, unsigned participants)
    : participants_(participants), objects_(objects) {}

bool ChunkWriter::encode(Job& job, unsigned participant) {
  auto& [encoder, items, streams] = participants_[participant];
  std::uint64_t covered = 0;
  for (unsigned i = 0; i < most_chunks && streams.size() < most_encoded_bytes; i++) {
    // A chunk at a high level takes long enough for one of them to be the last.
    job.throw_if_cancelled();
    auto taken = take();
    if (!taken) break;
    // Kept even if what follows fails: only the HDF5 thread may be the last to hold an open dataset.
    Item& item = items.emplace_back(std::move(*taken));
    const auto& [dataset, first, grid, chunks_left, handle] = *item.dataset;
    item.begin = streams.size();
    encoder.encode(*dataset.column, first, grid, item.chunk, *dataset.chunking, streams);
    item.end = streams.size();
    covered += element_count(item.chunk.box) * size_of(dataset.column->type());
  }
  if (covered > 0) job.advance(covered);
  return !items.empty();
}

void ChunkWriter::write(File& file, unsigned participant) {
  auto& [encoder, items, streams] = participants_[participant];
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

std::optional<ChunkWriter::Item> ChunkWriter::take() {
  const std::lock_guard lock(mutex_);
  while (!current_ || next_chunk_ == current_->grid.size()) {
    if (!next_dataset()) return std::nullopt;
  }
  return Item{.dataset = current_, .chunk = current_->grid[next_chunk_++]};
}

bool ChunkWriter::next_dataset() {
  for (; next_object_ < objects_.size(); next_object_++) {
    if (std::visit([this](const auto& object) { return next_dataset(object); }, objects_[next_object_])) return true;
  }
  current_ = nullptr;
  return false;
}

bool ChunkWriter::next_dataset(const Dataset& dataset) {
  if (!has_chunks(dataset.chunking, dataset.column->shape()) || dataset.column->size() == 0) return false;
  next_object_++;
  open(dataset, 0, dataset.column->shape());
  return true;
}

bool ChunkWriter::next_dataset(const UnitDatasets& group) {
  const Trains& trains = group.column->trains();
  while (next_unit_ < trains.unit_count()) {
    const std::size_t unit = next_unit_++;
    const std::uint64_t count = trains[unit].size();
    if (!group.chunking || count == 0) continue;
    open({unit_path(group, unit), group.column, group.chunking, {}}, trains.first_spike(unit), {&count, 1});
    return true;
  }
  next_unit_ = 0;
  return false;
}

void ChunkWriter::open(Dataset dataset, std::uint64_t first, std::span<const std::uint64_t> shape) {
  ChunkGrid grid({shape.begin(), shape.end()}, chunk_shape(*dataset.chunking, shape, size_of(dataset.column->type())));
  const std::uint64_t chunks = grid.size();
  current_ = std::make_shared<OpenDataset>(OpenDataset{std::move(dataset), first, std::move(grid), chunks, Handle()});
  next_chunk_ = 0;
}

}  // namespace spikeport::hdf5
