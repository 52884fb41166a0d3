#pragma once

// Distributes the chunks of a plan over threads, and hands their encoded bytes over in the order of the plan.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "engine/job.h"
#include "hdf5/chunks/chunk_encoder.h"
#include "hdf5/chunks/stream_buffer.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** A dataset whose chunks are encoded: one of the plan's, or one of a unit. */
struct ChunkedDataset {
  Dataset dataset;
  /** The number of the dataset's first element in its source. */
  std::uint64_t first;
  ChunkGrid grid;
};

/** A chunk that a thread has taken, and later what stands in the file for it: nothing, or a part of the streams. */
struct ChunkItem {
  std::shared_ptr<const ChunkedDataset> dataset;
  Chunk chunk;
  /** Among all chunks that are encoded, in the order of the plan. */
  std::uint64_t number;
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

/** Chunks that follow each other. */
struct ChunkBatch {
  /** Of all batches, in the order of the plan. */
  std::uint64_t number = 0;
  std::vector<ChunkItem> items;
  StreamBuffer streams;
  /** The bytes of the streams of all batches before this one: known when it is handed over. */
  std::uint64_t offset = 0;
};

/**
 * Encodes chunks a batch at a time, on several threads. Batches are handed over in the order of the plan, so that the
 * file does not depend on which thread is done first; those that are done too early are kept, up to a limit.
 */
class ChunkBatches {
 public:
  using IsEncoded = bool (*)(const Dataset& dataset);

  /** @param is_encoded of which datasets the chunks are encoded, among those that have chunks with elements */
  ChunkBatches(std::span<const Object> objects, unsigned participants, IsEncoded is_encoded);

  /** Encodes the next few chunks; returns whether there were any. Called on any thread, by a participant at a time. */
  bool encode(Job& job, unsigned participant);

  /**
   * Hands over the participant's batch and all kept ones that follow it, if it is the next; otherwise keeps it. Called
   * on any thread: what is handed over at the same time on different threads is different.
   * @return whether more can be kept: if not, no more should be encoded until the missing batch is there
   */
  bool hand_over(unsigned participant, const std::function<void(const ChunkBatch&)>& write);

 private:
  struct Participant {
    ChunkEncoder encoder;
    ChunkBatch batch;
  };

  /** Fills the batch with the next chunks that no participant has taken: none when there are no more. */
  void take(ChunkBatch& batch);
  /** The participant's batch and those that follow it, or nothing when others have to come first. */
  std::vector<ChunkBatch> take_ready(unsigned participant);
  bool next_dataset();
  bool next_dataset(const Dataset& dataset);
  bool next_dataset(const UnitDatasets& group);
  static bool next_dataset(const auto& /*without_elements*/) { return false; }
  void open(Dataset dataset, std::uint64_t first, std::span<const std::uint64_t> shape);

  std::vector<Participant> participants_;
  /** With more bytes kept than this, no more batches are made that cannot be handed over yet. */
  std::size_t most_kept_bytes_;

  std::mutex order_mutex_;
  // Guarded by it: the number of the batch to be handed over next and the bytes of those before, the batches that come
  // later by their numbers, the bytes of their streams, and batches that are empty, for their memory.
  std::uint64_t next_handed_over_ = 0;
  std::uint64_t bytes_before_ = 0;
  std::map<std::uint64_t, ChunkBatch> kept_;
  std::size_t kept_bytes_ = 0;
  std::vector<ChunkBatch> spare_;

  std::mutex mutex_;
  // Guarded by it: the number of the next batch, and the object, the unit in it, and the dataset with the chunk to be
  // taken next.
  std::uint64_t next_batch_ = 0;
  std::uint64_t next_number_ = 0;
  std::span<const Object> objects_;
  IsEncoded is_encoded_;
  std::size_t next_object_ = 0;
  std::size_t next_unit_ = 0;
  std::shared_ptr<const ChunkedDataset> current_;
  std::uint64_t next_chunk_ = 0;
};

}  // namespace spikeport::hdf5
