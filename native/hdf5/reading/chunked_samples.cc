#include "hdf5/reading/chunked_samples.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/errors.h"

namespace spikeport::hdf5 {
namespace {

constexpr std::size_t most_kept = std::size_t{1} << 26U;
constexpr std::size_t least_kept = std::size_t{1} << 24U;
constexpr std::uint64_t most_stretch = std::uint64_t{1} << 29U;

/** How many chunks that other threads decode are left for later. */
constexpr std::size_t most_postponed = 16;

}  // namespace

ChunkedSamples::ChunkedSamples(SampleFileId id, ChunkedLayout layout)
    : SampleFile(std::move(id), layout.stored.type, layout.shape[layout.by_channel ? 0 : 1],
                 layout.shape[layout.by_channel ? 1 : 0]),
      layout_(std::move(layout)),
      chunks_across_((layout_.shape[1] + layout_.chunk[1] - 1) / layout_.chunk[1]) {}

std::size_t ChunkedSamples::chunk_bytes() const {
  return static_cast<std::size_t>(layout_.chunk[0] * layout_.chunk[1]) * size_of(type());
}

std::unique_ptr<SampleCache> ChunkedSamples::make_cache() const {
  const std::size_t across = layout_.by_channel ? 0 : 1;
  const std::uint64_t chunks = (layout_.shape[across] + layout_.chunk[across] - 1) / layout_.chunk[across];
  const std::uint64_t stretch = chunks > most_stretch / chunk_bytes() ? most_stretch + 1 : chunks * chunk_bytes();
  const bool is_one = stretch > most_kept && stretch <= most_stretch;
  const auto kept = is_one ? static_cast<std::size_t>(stretch)
                           : std::clamp(static_cast<std::size_t>(2 * stretch), least_kept, most_kept);
  return std::make_unique<ChunkCache>(kept);
}

void ChunkedSamples::read(const platform::InputFile& file, SampleCache* cache, std::uint64_t first, std::uint64_t count,
                          std::byte* out) const {
  auto& chunks = static_cast<ChunkCache&>(*cache);
  if (!layout_.by_channel) {
    return read_box(
        {.file = file, .cache = chunks, .box = {.first = {first, 0}, .count = {count, channels()}}, .out = out});
  }
  read_in_order(first, count, out, [&](std::uint64_t begin, std::uint64_t some, std::byte* rows) {
    read_box({.file = file, .cache = chunks, .box = {.first = {0, begin}, .count = {channels(), some}}, .out = rows});
  });
}

void ChunkedSamples::read_channel(const platform::InputFile& file, SampleCache* cache, std::uint64_t channel,
                                  std::uint64_t first, std::uint64_t count, std::byte* out) const {
  read_box({.file = file,
            .cache = static_cast<ChunkCache&>(*cache),
            .box = {.first = {channel, first}, .count = {1, count}},
            .out = out});
}

const structure::ChunkPlace* ChunkedSamples::place_of(std::uint64_t number) const {
  const auto place = std::ranges::lower_bound(layout_.places, number, {}, &structure::ChunkPlace::number);
  return place != layout_.places.end() && place->number == number ? &*place : nullptr;
}

void ChunkedSamples::read_box(const Reading& reading) const {
  const Box& box = reading.box;
  if (box.count[0] == 0 || box.count[1] == 0) return;
  std::vector<std::shared_ptr<ChunkCache::Chunk>> postponed;
  const auto take = [&](std::uint64_t number) {
    for (;;) {
      const auto [chunk, is_callers] = reading.cache.find(number, chunk_bytes());
      if (is_callers) {
        decode(reading, chunk);
      } else if (!reading.cache.wait(chunk)) {
        // The other thread had an error of its own.
        continue;
      }
      return copy_part(reading, number, chunk->bytes);
    }
  };
  const auto take_postponed = [&] {
    for (const auto& chunk : postponed) {
      if (reading.cache.wait(chunk)) {
        copy_part(reading, chunk->number, chunk->bytes);
      } else {
        take(chunk->number);
      }
    }
    postponed.clear();
  };
  const std::uint64_t end_row = (box.first[0] + box.count[0] - 1) / layout_.chunk[0];
  const std::uint64_t end_column = (box.first[1] + box.count[1] - 1) / layout_.chunk[1];
  for (std::uint64_t row = box.first[0] / layout_.chunk[0]; row <= end_row; row++) {
    for (std::uint64_t column = box.first[1] / layout_.chunk[1]; column <= end_column; column++) {
      const std::uint64_t number = row * chunks_across_ + column;
      if (place_of(number) == nullptr) {
        fill_part(reading, number);
        continue;
      }
      const auto [chunk, is_callers] = reading.cache.find(number, chunk_bytes());
      if (is_callers) {
        decode(reading, chunk);
      } else if (!reading.cache.is_ready(chunk)) {
        postponed.push_back(chunk);
        if (postponed.size() == most_postponed) take_postponed();
        continue;
      }
      copy_part(reading, number, chunk->bytes);
    }
  }
  take_postponed();
}

ChunkedSamples::Box ChunkedSamples::part_in(const Box& box, std::uint64_t number) const {
  const std::array<std::uint64_t, 2> at{number / chunks_across_, number % chunks_across_};
  Box part;
  for (std::size_t axis = 0; axis < at.size(); axis++) {
    const std::uint64_t corner = at[axis] * layout_.chunk[axis];
    const std::uint64_t end = std::min(corner + layout_.chunk[axis], box.first[axis] + box.count[axis]);
    part.first[axis] = std::max(corner, box.first[axis]);
    part.count[axis] = end - part.first[axis];
  }
  return part;
}

void ChunkedSamples::copy_part(const Reading& reading, std::uint64_t number, std::span<const std::byte> chunk) const {
  const Box part = part_in(reading.box, number);
  const std::size_t size = size_of(type());
  const std::uint64_t first_row = part.first[0] % layout_.chunk[0];
  const std::uint64_t first_column = part.first[1] % layout_.chunk[1];
  const std::byte* from = chunk.data() + (first_row * layout_.chunk[1] + first_column) * size;
  std::byte* to =
      reading.out +
      ((part.first[0] - reading.box.first[0]) * reading.box.count[1] + (part.first[1] - reading.box.first[1])) * size;
  if (part.count[1] == layout_.chunk[1] && part.count[1] == reading.box.count[1]) {
    std::memcpy(to, from, static_cast<std::size_t>(part.count[0] * part.count[1]) * size);
    return;
  }
  for (std::uint64_t row = 0; row < part.count[0]; row++) {
    std::memcpy(to, from, static_cast<std::size_t>(part.count[1]) * size);
    from += layout_.chunk[1] * size;
    to += reading.box.count[1] * size;
  }
}

void ChunkedSamples::fill_part(const Reading& reading, std::uint64_t number) const {
  const Box part = part_in(reading.box, number);
  const std::size_t size = size_of(type());
  std::byte* to =
      reading.out +
      ((part.first[0] - reading.box.first[0]) * reading.box.count[1] + (part.first[1] - reading.box.first[1])) * size;
  for (std::uint64_t row = 0; row < part.count[0]; row++) {
    for (std::uint64_t i = 0; i < part.count[1]; i++) std::memcpy(to + i * size, layout_.fill.data(), size);
    to += reading.box.count[1] * size;
  }
}

void ChunkedSamples::decode(const Reading& reading, const std::shared_ptr<ChunkCache::Chunk>& chunk) const {
  try {
    auto workspace = reading.cache.take_workspace();
    decode(reading.file, *workspace, *chunk);
    reading.cache.give_back(std::move(workspace));
  } catch (...) {
    reading.cache.end(chunk, ChunkCache::Chunk::State::failed);
    throw;
  }
  reading.cache.end(chunk, ChunkCache::Chunk::State::ready);
}

void ChunkedSamples::decode(const platform::InputFile& file, ChunkCache::Workspace& workspace,
                            ChunkCache::Chunk& chunk) const {
  const structure::ChunkPlace& place = *place_of(chunk.number);
  const bool is_plain = layout_.stored == kernels::StoredElements{.type = type()};
  const bool is_as_stored = is_plain && layout_.filters.empty();
  // Chunks without filters are all in the file.
  std::vector<std::byte>& stored = is_as_stored ? chunk.bytes : workspace.stored;
  stored.resize(place.size);
  if (file.read(stored, layout_.begin + place.address) != stored.size()) {
    throw FormatError(id().name, layout_.object, "the file has become shorter while it was read");
  }
  if (is_as_stored) return;
  std::string problem;
  const std::size_t bytes = chunk.size / size_of(type()) * size_of(layout_.stored);
  const auto elements = workspace.decoder.decode(stored, layout_.filters, place.mask, bytes, problem);
  if (!problem.empty()) throw FormatError(id().name, layout_.object, problem);
  // Memory is taken only now: a chunk of a few bytes in the file may say that it is a large one.
  chunk.bytes.resize(chunk.size);
  // No number fails to become one of its own type.
  static_cast<void>(kernels::decode(elements, layout_.stored, {}, type(), chunk.bytes.data()));
}

}  // namespace spikeport::hdf5
