#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "hdf5/chunk_encoder.h"
#include "hdf5/chunk_grid.h"
#include "hdf5/file.h"
#include "hdf5/handle.h"
#include "hdf5/plan.h"
#include "hdf5/stream_buffer.h"
#include "job.h"

namespace spikeport::hdf5 {

/**
 * Writes all chunked datasets of a file. Several threads make what stands in the file for a few chunks each; the
 * library, which takes it as it is, then gets it on its own thread.
 */
class ChunkWriter {
 public:
  ChunkWriter(std::span<const Object> objects, unsigned participants);

  /** Makes the next few chunks; returns whether there were any. Called on any thread, once at a time a participant. */
  bool encode(Job& job, unsigned participant);

  /** Writes what the participant has made. Called on the HDF5 thread. */
  void write(File& file, unsigned participant);

 private:
  /** Open on the HDF5 thread from its first chunk to its last. */
  struct OpenDataset {
    Dataset dataset;
    /** The number of the dataset's first element in its column. */
    std::uint64_t first;
    ChunkGrid grid;
    std::uint64_t chunks_left;
    Handle handle;
  };

  /** A chunk that somebody has taken, and later what stands in the file for it: nothing, or a part of the streams. */
  struct Item {
    std::shared_ptr<OpenDataset> dataset;
    Chunk chunk;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  struct Participant {
    ChunkEncoder encoder;
    std::vector<Item> items;
    StreamBuffer streams;
  };

  /** The next chunk that nobody has taken. */
  std::optional<Item> take();
  bool next_dataset();
  bool next_dataset(const Dataset& dataset);
  bool next_dataset(const UnitDatasets& group);
  static bool next_dataset(const auto& /*without_chunks*/) { return false; }
  void open(Dataset dataset, std::uint64_t first, std::span<const std::uint64_t> shape);

  std::vector<Participant> participants_;
  std::mutex mutex_;
  // Guarded by the mutex: the object, the unit in it, and the dataset with the chunk to be taken next.
  std::span<const Object> objects_;
  std::size_t next_object_ = 0;
  std::size_t next_unit_ = 0;
  std::shared_ptr<OpenDataset> current_;
  std::uint64_t next_chunk_ = 0;
};

}  // namespace spikeport::hdf5
