#include "hdf5/streams/streamed_dataset.h"

#include <algorithm>
#include <utility>

#include "engine/block.h"
#include "engine/thread_pool.h"
#include "sources/array_sources.h"
#include "sources/transposed.h"

namespace spikeport::hdf5 {
namespace {

/** A tile of small chunks has several stretches of them, so that a job is worth its start. */
constexpr std::uint64_t least_tile_bytes = block_size;

/** How many bytes one call copies: the JS thread is held for less than a millisecond. */
constexpr std::size_t most_copied = block_size;

}  // namespace

StreamedDataset::StreamedDataset(ElementType type, std::uint64_t channels, Chunking chunking)
    : type_(type), channels_(channels), chunking_(std::move(chunking)) {
  const std::uint64_t stretch_bytes = chunking_.chunk[time_axis()] * sample_bytes();
  tile_bytes_ = static_cast<std::size_t>(stretch_bytes * std::max<std::uint64_t>(1, least_tile_bytes / stretch_bytes));
}

std::size_t StreamedDataset::append(std::span<const std::byte> bytes) {
  if (!tile_) tile_ = empty_tile();
  const std::size_t taken = std::min({bytes.size(), most_copied, tile_bytes_ - tile_->size});
  std::ranges::copy(bytes.first(taken), tile_->bytes.get() + tile_->size);
  tile_->size += taken;
  bytes_ += taken;
  return taken;
}

std::uint64_t StreamedDataset::take(const std::shared_ptr<const SampleFile>& file, std::uint64_t first) {
  if (!reader_) reader_ = std::make_shared<SampleReader>(file);
  if (!tile_) tile_ = empty_tile();
  const std::uint64_t taken = std::min<std::uint64_t>(tile_bytes_ / sample_bytes(), file->samples() - first);
  tile_->size = static_cast<std::size_t>(taken) * sample_bytes();
  tile_->unread = first;
  bytes_ += tile_->size;
  return taken;
}

std::unique_ptr<StreamedDataset::Tile> StreamedDataset::empty_tile() {
  {
    const std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      auto tile = std::move(spare_.back());
      spare_.pop_back();
      return tile;
    }
  }
  auto tile = std::make_unique<Tile>();
  // Not zeroed: that takes the JS thread too long.
  tile->bytes = std::make_unique_for_overwrite<std::byte[]>(tile_bytes_);
  return tile;
}

std::vector<std::uint64_t> StreamedDataset::shape_of(std::uint64_t samples) const {
  if (chunking_.grows_last) return {channels_, samples};
  return {samples, channels_};
}

std::shared_ptr<Job> StreamedDataset::flush(const std::shared_ptr<BegunFile>& file, unsigned threads) {
  if (!tile_ || tile_->size == 0) return nullptr;
  file_ = file;
  const std::uint64_t samples = tile_->size / sample_bytes();
  const std::size_t across = 1 - time_axis();
  tile_->number = tiles_++;
  tile_->chunk_count =
      quotient_up(samples, chunking_.chunk[time_axis()]) * quotient_up(channels_, chunking_.chunk[across]);
  tile_->next_chunk = 0;
  const auto participants = static_cast<unsigned>(std::clamp<std::uint64_t>(threads, 1, tile_->chunk_count));
  tile_->encoders.resize(participants);
  tile_->encoded.resize(static_cast<std::size_t>(tile_->chunk_count));

  // Shared by the stages, the last of which takes it over.
  const auto tile = std::make_shared<std::unique_ptr<Tile>>(std::move(tile_));
  const auto self = shared_from_this();
  const auto read = [reader = reader_, tile, samples](Job& /*job*/, unsigned /*participant*/) {
    if ((*tile)->unread) reader->read(*(*tile)->unread, samples, (*tile)->bytes.get());
    (*tile)->unread.reset();
    return false;
  };
  return std::make_shared<Job>(std::vector<Stage>{
      {.threads = workers(), .work = read},
      {.threads = workers(),
       .work = [self, tile](Job& /*job*/, unsigned participant) { return self->encode(**tile, participant); },
       .participants = participants},
      {.threads = workers(),
       .work =
           [self, tile, file](Job& /*job*/, unsigned /*participant*/) {
             self->hand_over(std::move(*tile), *file);
             return false;
           }},
  });
}

bool StreamedDataset::encode(Tile& tile, unsigned participant) const {
  const std::uint64_t next = tile.next_chunk++;
  if (next >= tile.chunk_count) return false;
  const std::uint64_t samples = tile.size / sample_bytes();
  const ChunkGrid grid(shape_of(samples), chunking_.chunk);
  const std::uint64_t stretches = quotient_up(samples, chunking_.chunk[time_axis()]);
  const std::uint64_t groups = tile.chunk_count / stretches;
  const std::uint64_t index = chunking_.grows_last ? next % groups * stretches + next / groups : next;
  StreamBuffer& out = tile.encoded[static_cast<std::size_t>(next)];
  out.clear();
  ChunkEncoder& encoder = tile.encoders[participant];
  if (chunking_.grows_last) {
    encoder.encode(Transposed(type_, samples, channels_, tile.bytes.get()), 0, grid, grid[index], chunking_, out);
  } else {
    encoder.encode(Array(type_, shape_of(samples), tile.bytes.get()), 0, grid, grid[index], chunking_, out);
  }
  return true;
}

void StreamedDataset::hand_over(std::unique_ptr<Tile> tile, BegunFile& file) {
  std::vector<std::unique_ptr<Tile>> ready;
  {
    const std::lock_guard lock(mutex_);
    const std::uint64_t number = tile->number;
    waiting_.emplace(number, std::move(tile));
    for (auto next = waiting_.begin(); next != waiting_.end() && next->first == next_tile_;
         next = waiting_.erase(next)) {
      next_tile_++;
      const auto encoded = std::span(next->second->encoded);
      std::uint64_t size = 0;
      for (const StreamBuffer& chunk : encoded) size += chunk.size();
      std::uint64_t address = next->second->address = file.take_room(size);
      for (const StreamBuffer& chunk : encoded) {
        places_->push_back({address, static_cast<std::uint32_t>(chunk.size())});
        address += chunk.size();
      }
      ready.push_back(std::move(next->second));
    }
  }
  for (const auto& each : ready) write(*each, file);
  const std::lock_guard lock(mutex_);
  for (auto& each : ready) {
    each->size = 0;
    spare_.push_back(std::move(each));
  }
}

void StreamedDataset::write(const Tile& tile, BegunFile& file) const {
  std::uint64_t address = tile.address;
  for (const StreamBuffer& chunk : tile.encoded) {
    file.write(chunk.bytes(), address);
    address += chunk.size();
  }
}

void StreamedDataset::free_tiles() {
  std::vector<std::unique_ptr<Tile>> tiles;
  {
    const std::lock_guard lock(mutex_);
    tiles = std::move(spare_);
    spare_.clear();
  }
  tiles.push_back(std::move(tile_));
  workers().post(
      [tiles = std::make_shared<std::vector<std::unique_ptr<Tile>>>(std::move(tiles)), reader = std::move(reader_)] {});
}

std::shared_ptr<const StreamedChunks> StreamedDataset::chunks() const {
  return std::make_shared<StreamedChunks>(type_, shape_of(samples()), chunking_.chunk, time_axis(), places_, file_);
}

}  // namespace spikeport::hdf5
