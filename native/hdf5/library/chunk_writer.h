#pragma once

// Distributes chunks over the workers, and passes them to the HDF5 library in plan order.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "engine/job.h"
#include "hdf5/library/chunk_encoder.h"
#include "hdf5/library/file.h"
#include "hdf5/library/handle.h"
#include "hdf5/library/stream_buffer.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/**
 * Writes all chunked datasets of a file. Several threads make what stands in the file for a few chunks each; the
 * library, which takes it as it is, then gets it on its own thread, in the order of the plan: the bytes of the file do
 * not depend on which thread is done first.
 */
class ChunkWriter {
 public:
  ChunkWriter(std::span<const Object> objects, unsigned participants);

  /** Encodes the next few chunks; returns whether there were any. Called on any thread, by a participant at a time. */
  bool encode(Job& job, unsigned participant);

  /**
   * If the participant's batch is next in plan order, writes it and all kept batches that follow; otherwise keeps it.
   * Called on the HDF5 thread.
   * @return whether more can be kept: if not, no more should be encoded until the missing batch is written
   */
  bool write(File& file, unsigned participant);

 private:
  /** Open on the HDF5 thread from its first chunk to its last. */
  struct OpenDataset {
    Dataset dataset;
    /** The number of the dataset's first element in its source. */
    std::uint64_t first;
    ChunkGrid grid;
    std::uint64_t chunks_left;
    Handle handle;
  };

  /** A chunk that a participant has taken, and later what stands in the file for it: nothing, or a part of the streams.
   */
  struct Item {
    std::shared_ptr<OpenDataset> dataset;
    Chunk chunk;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /** Chunks that follow each other. */
  struct Batch {
    /** Of all batches, in the order of the plan. */
    std::uint64_t number = 0;
    std::vector<Item> items;
    StreamBuffer streams;
  };

  struct Participant {
    ChunkEncoder encoder;
    Batch batch;
  };

  /** Fills the batch with the next chunks that no participant has taken: none when there are no more. */
  void take(Batch& batch);
  static void write(File& file, Batch& batch);
  bool next_dataset();
  bool next_dataset(const Dataset& dataset);
  bool next_dataset(const UnitDatasets& group);
  static bool next_dataset(const auto& /*without_chunks*/) { return false; }
  void open(Dataset dataset, std::uint64_t first, std::span<const std::uint64_t> shape);

  std::vector<Participant> participants_;
  /** With more bytes kept than this, no more batches are made that cannot be written yet. */
  std::size_t most_kept_bytes_;
  // Used on the HDF5 thread: the number of the batch to be written next, those that come later by their numbers, the
  // bytes of their streams, and batches that are empty, for their memory.
  std::uint64_t next_written_ = 0;
  std::map<std::uint64_t, Batch> kept_;
  std::size_t kept_bytes_ = 0;
  std::vector<Batch> spare_;
  std::mutex mutex_;
  // Guarded by the mutex: the number of the next batch, and the object, the unit in it, and the dataset with the chunk
  // to be taken next.
  std::uint64_t next_batch_ = 0;
  std::span<const Object> objects_;
  std::size_t next_object_ = 0;
  std::size_t next_unit_ = 0;
  std::shared_ptr<OpenDataset> current_;
  std::uint64_t next_chunk_ = 0;
};

}  // namespace spikeport::hdf5
