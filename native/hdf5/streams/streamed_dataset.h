// A dataset of samples that come as a stream, or from a file: gathered in tiles, which are encoded and written as they
// get full.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/job.h"
#include "hdf5/chunks/chunk_encoder.h"
#include "hdf5/chunks/stream_buffer.h"
#include "hdf5/model/begun_file.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/plan.h"
#include "hdf5/model/streamed_chunks.h"
#include "kernels/element_type.h"
#include "reading/sample_file.h"

namespace spikeport::hdf5 {

/**
 * Takes the samples of all channels, one after another, and writes them as chunks of an extendable dataset.
 *
 * Samples are copied into a tile: a stretch of time of all channels, which is a whole number of chunks. A full one is
 * encoded and written by a job. Tiles of several jobs get their places in the order of time, so that the file is the
 * same for any number of threads.
 */
class StreamedDataset : public std::enable_shared_from_this<StreamedDataset> {
 public:
  /**
   * @param chunking with the shape of chunks, which holds no more channels than there are; its time axis grows
   * @param channels at least one
   */
  StreamedDataset(ElementType type, std::uint64_t channels, Chunking chunking);

  [[nodiscard]] ElementType type() const { return type_; }
  [[nodiscard]] std::uint64_t channels() const { return channels_; }
  [[nodiscard]] const Chunking& chunking() const { return chunking_; }

  // On the JS thread:

  /** Copies bytes into the tile, as many as fit. @return how many that were */
  std::size_t append(std::span<const std::byte> bytes);
  /**
   * Has an empty tile hold the samples of a file from number `first` on, as many as fit: the job of `flush` reads them.
   * @param file the same in all calls, of this type and as many channels
   * @return how many that are
   */
  std::uint64_t take(const std::shared_ptr<const SampleFile>& file, std::uint64_t first);
  /** Whether the tile has no room left. */
  [[nodiscard]] bool is_full() const { return tile_ && tile_->size == tile_bytes_; }
  /**
   * A job that encodes and writes the tile, of which only the last one may not be full; its samples are whole. Null
   * where it is empty.
   * @param file the same in all calls, open
   */
  std::shared_ptr<Job> flush(const std::shared_ptr<BegunFile>& file, unsigned threads);
  /** The samples that came so far. */
  [[nodiscard]] std::uint64_t samples() const { return bytes_ / sample_bytes(); }
  /** Frees the memory of tiles, when the jobs of all have ended and nothing comes any more. A worker does it. */
  void free_tiles();
  /** What was written, when the jobs of all tiles have ended. */
  [[nodiscard]] std::shared_ptr<const StreamedChunks> chunks() const;

 private:
  struct Tile {
    /** Samples × channels; the first `size` bytes have come. */
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
    /** The first sample of those to be read; none where they have come. */
    std::optional<std::uint64_t> unread;
    std::uint64_t number = 0;
    std::vector<ChunkEncoder> encoders;
    /** The chunks, for each stretch of time one a group of channels. */
    std::vector<StreamBuffer> encoded;
    std::uint64_t chunk_count = 0;
    std::atomic<std::uint64_t> next_chunk = 0;
    /** Where the chunks go. */
    std::uint64_t address = 0;
  };

  [[nodiscard]] std::size_t sample_bytes() const { return static_cast<std::size_t>(channels_) * size_of(type_); }
  [[nodiscard]] std::size_t time_axis() const { return chunking_.grows_last ? 1 : 0; }
  /** An array of this many samples. */
  [[nodiscard]] std::vector<std::uint64_t> shape_of(std::uint64_t samples) const;
  std::unique_ptr<Tile> empty_tile();
  /** Encodes a chunk; returns whether there are more. */
  bool encode(Tile& tile, unsigned participant) const;
  /** Writes the tile and those that wait for it, unless earlier ones are missing. */
  void hand_over(std::unique_ptr<Tile> tile, BegunFile& file);
  void write(const Tile& tile, BegunFile& file) const;

  ElementType type_;
  std::uint64_t channels_;
  Chunking chunking_;
  /** The bytes of a full tile. */
  std::size_t tile_bytes_;

  // Used on the JS thread.
  std::unique_ptr<Tile> tile_;
  std::uint64_t bytes_ = 0;
  std::uint64_t tiles_ = 0;
  std::shared_ptr<BegunFile> file_;
  /** Where samples are taken from. */
  std::shared_ptr<const SampleReader> reader_;

  std::mutex mutex_;
  // Guarded by it: the places of all chunks so far, tiles that wait for earlier ones, and tiles for their memory.
  std::shared_ptr<ChunkPlaces> places_ = std::make_shared<ChunkPlaces>();
  std::uint64_t next_tile_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Tile>> waiting_;
  std::vector<std::unique_ptr<Tile>> spare_;
};

}  // namespace spikeport::hdf5
