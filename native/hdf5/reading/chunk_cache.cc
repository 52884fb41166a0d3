#include "hdf5/reading/chunk_cache.h"

#include <utility>

namespace spikeport::hdf5 {

ChunkCache::Found ChunkCache::find(std::uint64_t number, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (const auto known = by_number_.find(number); known != by_number_.end()) {
    chunks_.splice(chunks_.begin(), chunks_, known->second);
    return {.chunk = *known->second};
  }
  auto chunk = std::make_shared<Chunk>();
  chunk->number = number;
  chunk->size = bytes;
  chunk->bytes = make_room(bytes);
  chunks_.push_front(chunk);
  by_number_.emplace(number, chunks_.begin());
  bytes_ += bytes;
  return {.chunk = std::move(chunk), .is_callers = true};
}

std::vector<std::byte> ChunkCache::make_room(std::size_t bytes) {
  std::vector<std::byte> memory;
  for (auto last = chunks_.end(); bytes_ + bytes > most_bytes_ && last != chunks_.begin();) {
    const auto oldest = std::prev(last);
    if ((*oldest)->state == Chunk::State::decoding) {
      last = oldest;
      continue;
    }
    bytes_ -= (*oldest)->size;
    // Readers may still hold it.
    if (oldest->use_count() == 1) memory = std::move((*oldest)->bytes);
    by_number_.erase((*oldest)->number);
    last = chunks_.erase(oldest);
  }
  return memory;
}

void ChunkCache::end(const std::shared_ptr<Chunk>& chunk, Chunk::State state) {
  {
    const std::lock_guard lock(mutex_);
    chunk->state = state;
    if (state == Chunk::State::failed) {
      const auto known = by_number_.find(chunk->number);
      bytes_ -= chunk->size;
      chunks_.erase(known->second);
      by_number_.erase(known);
    }
  }
  decoded_.notify_all();
}

bool ChunkCache::is_ready(const std::shared_ptr<Chunk>& chunk) {
  const std::lock_guard lock(mutex_);
  return chunk->state == Chunk::State::ready;
}

bool ChunkCache::wait(const std::shared_ptr<Chunk>& chunk) {
  std::unique_lock lock(mutex_);
  decoded_.wait(lock, [&chunk] { return chunk->state != Chunk::State::decoding; });
  return chunk->state == Chunk::State::ready;
}

std::unique_ptr<ChunkCache::Workspace> ChunkCache::take_workspace() {
  const std::lock_guard lock(mutex_);
  if (workspaces_.empty()) return std::make_unique<Workspace>();
  auto workspace = std::move(workspaces_.back());
  workspaces_.pop_back();
  return workspace;
}

void ChunkCache::give_back(std::unique_ptr<Workspace> workspace) {
  const std::lock_guard lock(mutex_);
  workspaces_.push_back(std::move(workspace));
}

}  // namespace spikeport::hdf5
