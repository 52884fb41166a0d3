// Decoded chunks that the threads of one reader share.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "hdf5/reading/chunk_decoder.h"
#include "reading/sample_file.h"

namespace spikeport::hdf5 {

/**
 * Keeps the chunks that were used last, up to a number of bytes: those that are in use come on top of that, and so does
 * the last one where it is larger. A chunk is decoded by one thread; another one that needs it does other work first,
 * and then waits for that.
 */
class ChunkCache : public SampleCache {
 public:
  /** A chunk. Its bytes are constant once it is ready. */
  struct Chunk {
    enum class State : std::uint8_t { decoding, ready, failed };

    std::uint64_t number = 0;
    /** What its bytes count for: before it is decoded, it may have none. */
    std::size_t size = 0;
    State state = State::decoding;
    std::vector<std::byte> bytes;
  };

  /** The buffers of a thread that decodes a chunk. */
  struct Workspace {
    std::vector<std::byte> stored;
    ChunkDecoder decoder;
  };

  /** A chunk, and whether the caller has to decode it. */
  struct Found {
    std::shared_ptr<Chunk> chunk;
    bool is_callers = false;
  };

  explicit ChunkCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /** Finds a chunk. Where no thread has decoded it, the caller does, into its bytes, and then calls `end`.
   * @param bytes those that it has once it is decoded */
  [[nodiscard]] Found find(std::uint64_t number, std::size_t bytes);
  /** @param state ready, or failed */
  void end(const std::shared_ptr<Chunk>& chunk, Chunk::State state);
  [[nodiscard]] bool is_ready(const std::shared_ptr<Chunk>& chunk);
  /** Waits until a chunk is decoded; returns false where that has failed. */
  [[nodiscard]] bool wait(const std::shared_ptr<Chunk>& chunk);

  [[nodiscard]] std::unique_ptr<Workspace> take_workspace();
  void give_back(std::unique_ptr<Workspace> workspace);

 private:
  /** Forgets chunks until there is room; returns the memory of one of them. */
  std::vector<std::byte> make_room(std::size_t bytes);

  std::size_t most_bytes_;
  std::mutex mutex_;
  std::condition_variable decoded_;
  // Guarded by the mutex: chunks in the order of their use, the last one first, and the bytes of all.
  std::list<std::shared_ptr<Chunk>> chunks_;
  std::unordered_map<std::uint64_t, std::list<std::shared_ptr<Chunk>>::iterator> by_number_;
  std::size_t bytes_ = 0;
  std::vector<std::unique_ptr<Workspace>> workspaces_;
};

}  // namespace spikeport::hdf5
