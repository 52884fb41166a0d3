// Raw samples in the chunks of a dataset, which worker threads read past the library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hdf5/reading/chunk_cache.h"
#include "hdf5/reading/stored_dataset.h"
#include "hdf5/structure/chunk_places.h"
#include "kernels/decode.h"
#include "reading/sample_file.h"

namespace spikeport::hdf5 {

/** What a dataset of two axes holds, and where. */
struct ChunkedLayout {
  /** The path of the dataset. */
  std::string object;
  kernels::StoredElements stored;
  std::array<std::uint64_t, 2> shape{};
  /** The axes of a chunk, at least 1 each. */
  std::array<std::uint64_t, 2> chunk{};
  /** Whether the axes are channels × samples, and not samples × channels. */
  bool by_channel = false;
  /** None of which is szip. */
  std::vector<Filter> filters;
  /** Where addresses begin in the file. */
  std::uint64_t begin = 0;
  /** Those that were written, in order. */
  std::vector<structure::ChunkPlace> places;
  /** An element that was never written, as elements are in memory. */
  std::vector<std::byte> fill;
};

/**
 * Samples in chunks.
 *
 * A reader keeps decoded chunks, so that windows shorter than a chunk do not have it decoded over and over: two
 * stretches of chunks, each all channels for as long as a chunk is, of at most 64 MiB; or a single stretch, of at most
 * 512 MiB, as each of its chunks would be decoded for every window otherwise. Of longer ones 64 MiB are kept, and of
 * chunks that are larger the last one.
 */
class ChunkedSamples : public SampleFile {
 public:
  ChunkedSamples(SampleFileId id, ChunkedLayout layout);

  [[nodiscard]] std::unique_ptr<SampleCache> make_cache() const override;
  void read(const platform::InputFile& file, SampleCache* cache, std::uint64_t first, std::uint64_t count,
            std::byte* out) const override;
  /** Of chunks of a single channel. */
  [[nodiscard]] bool lies_by_channel() const override { return layout_.by_channel && layout_.chunk[0] == 1; }
  void read_channel(const platform::InputFile& file, SampleCache* cache, std::uint64_t channel, std::uint64_t first,
                    std::uint64_t count, std::byte* out) const override;

 private:
  /** Elements of the dataset, from the first one on each axis. */
  struct Box {
    std::array<std::uint64_t, 2> first{};
    std::array<std::uint64_t, 2> count{};
  };
  /** Where a box is read to, in C order. */
  struct Reading {
    const platform::InputFile& file;
    ChunkCache& cache;
    Box box;
    std::byte* out;
  };

  /** The bytes of a chunk in memory. */
  [[nodiscard]] std::size_t chunk_bytes() const;
  [[nodiscard]] const structure::ChunkPlace* place_of(std::uint64_t number) const;
  void read_box(const Reading& reading) const;
  /** What a chunk has of the box, by its number. */
  [[nodiscard]] Box part_in(const Box& box, std::uint64_t number) const;
  void copy_part(const Reading& reading, std::uint64_t number, std::span<const std::byte> chunk) const;
  void fill_part(const Reading& reading, std::uint64_t number) const;
  void decode(const Reading& reading, const std::shared_ptr<ChunkCache::Chunk>& chunk) const;
  void decode(const platform::InputFile& file, ChunkCache::Workspace& workspace, ChunkCache::Chunk& chunk) const;

  ChunkedLayout layout_;
  /** The chunks that cover the second axis. */
  std::uint64_t chunks_across_;
};

}  // namespace spikeport::hdf5
