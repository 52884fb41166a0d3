#include "hdf5/model/chunk_grid.h"

#include <algorithm>
#include <utility>

#include "sources/source.h"

namespace spikeport::hdf5 {

namespace {

/** Of a smaller table there is room in the first chunk, so that rows added one by one do not get one each. */
constexpr std::uint64_t least_extendable_bytes = 1024;

/**
 * Chunks of an array to which rows can be added: of one size in which hardly more than the array fits, so that little
 * is left unused after its last row. Every axis of a chunk has a length.
 */
std::vector<std::uint64_t> extendable_chunk_shape(std::span<const std::uint64_t> shape, std::size_t element_size,
                                                  std::uint64_t most_bytes, bool fills_pages) {
  std::vector<std::uint64_t> array(shape.begin(), shape.end());
  for (std::uint64_t& length : array) length = std::max<std::uint64_t>(length, 1);
  std::vector<std::uint64_t> chunk = chunk_shape(array, element_size, most_bytes);
  if (!has_whole_rows(chunk, array)) return chunk;
  const std::uint64_t row_bytes = element_count(std::span(chunk).subspan(1)) * element_size;
  const std::uint64_t least_rows = std::min(least_extendable_bytes, most_bytes) / row_bytes;
  const std::uint64_t chunks = quotient_up(array[0], chunk[0]);
  if (!fills_pages || chunks == 1) chunk[0] = std::max(quotient_up(array[0], chunks), least_rows);
  return chunk;
}

}  // namespace

std::vector<std::uint64_t> chunk_shape(std::span<const std::uint64_t> shape, std::size_t element_size,
                                       std::uint64_t most_bytes) {
  std::vector<std::uint64_t> chunk(shape.size(), 1);
  std::uint64_t room = std::max<std::uint64_t>(1, most_bytes / element_size);
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    chunk[axis] = std::min(room, shape[axis]);
    room /= chunk[axis];
    if (chunk[axis] < shape[axis]) break;
  }
  return chunk;
}

std::vector<std::uint64_t> chunk_shape(const Chunking& chunking, std::span<const std::uint64_t> shape,
                                       std::size_t element_size) {
  if (!chunking.chunk.empty()) return chunking.chunk;
  if (chunking.is_extendable)
    return extendable_chunk_shape(shape, element_size, chunking.chunk_bytes, chunking.fills_pages);
  return chunk_shape(shape, element_size, chunking.chunk_bytes);
}

bool has_whole_rows(std::span<const std::uint64_t> chunk, std::span<const std::uint64_t> shape) {
  return std::ranges::equal(chunk.subspan(1), shape.subspan(1),
                            [](std::uint64_t length, std::uint64_t of) { return length >= of; });
}

ChunkGrid::ChunkGrid(std::vector<std::uint64_t> shape, std::vector<std::uint64_t> chunk)
    : shape_(std::move(shape)), chunk_(std::move(chunk)) {
  for (std::size_t axis = 0; axis < shape_.size(); axis++) size_ *= chunks_along(axis);
}

std::uint64_t ChunkGrid::chunk_elements() const { return element_count(chunk_); }

Chunk ChunkGrid::operator[](std::uint64_t index) const {
  Chunk result{shape_, shape_};
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    result.corner[axis] = index % chunks_along(axis) * chunk_[axis];
    result.box[axis] = std::min(chunk_[axis], shape_[axis] - result.corner[axis]);
    index /= chunks_along(axis);
  }
  return result;
}

std::vector<Run> ChunkGrid::runs_of(const Chunk& chunk) const {
  // After the axis where a run ends, the chunk is as wide as the array.
  std::size_t last = shape_.size() - 1;
  while (last > 0 && chunk_[last] == shape_[last]) last--;
  const std::uint64_t run = element_count(std::span(chunk.box).subspan(last));

  std::vector<Run> runs(element_count(std::span(chunk.box).first(last)), Run{0, 0, run});
  for (std::uint64_t i = 0; i < runs.size(); i++) {
    std::uint64_t index = i;
    std::uint64_t array_step = element_count(std::span(shape_).subspan(last));
    std::uint64_t chunk_step = element_count(std::span(chunk_).subspan(last));
    runs[i].in_array = chunk.corner[last] * (array_step / shape_[last]);
    for (std::size_t axis = last; axis-- > 0;) {
      const std::uint64_t place = index % chunk.box[axis];
      index /= chunk.box[axis];
      runs[i].in_array += (chunk.corner[axis] + place) * array_step;
      runs[i].in_chunk += place * chunk_step;
      array_step *= shape_[axis];
      chunk_step *= chunk_[axis];
    }
  }
  return runs;
}

}  // namespace spikeport::hdf5
