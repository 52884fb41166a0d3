#include "hdf5/chunks.h"

#include <algorithm>
#include <utility>

namespace spikeport::hdf5 {

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

ChunkWriter::ChunkWriter(Handle dataset, std::shared_ptr<const Column> column, std::uint64_t first,
                         std::vector<std::uint64_t> shape, std::vector<std::uint64_t> chunk)
    : dataset_(std::move(dataset)),
      column_(std::move(column)),
      first_(first),
      shape_(std::move(shape)),
      chunk_(std::move(chunk)),
      corner_(shape_.size(), 0),
      buffer_(element_count(chunk_) * size_of(column_->type())) {}

bool ChunkWriter::write_one(File& file, Job& job) {
  // Looking for spikes costs little, but not nothing: other exports get their turn.
  constexpr int most_blank = 4096;
  for (int blank = 0; !ended_ && blank < most_blank; blank++) {
    const std::vector<std::uint64_t> start = corner_;
    const std::vector<std::uint64_t> box = box_at_corner();
    const std::uint64_t element = first_ + element_at(start);
    const std::uint64_t count = element_count(box);
    step();
    const auto block = std::span(buffer_).first(count * size_of(column_->type()));
    const bool is_blank = column_->is_blank(element, count);
    if (!is_blank) {
      column_->fill(element, block);
      file.write_box(dataset_, column_->type(), start, box, block);
    }
    job.advance(block.size());
    if (!is_blank) break;
  }
  return !ended_;
}

std::uint64_t ChunkWriter::element_at(std::span<const std::uint64_t> corner) const {
  std::uint64_t element = 0;
  for (std::size_t axis = 0; axis < corner.size(); axis++) element = element * shape_[axis] + corner[axis];
  return element;
}

std::vector<std::uint64_t> ChunkWriter::box_at_corner() const {
  std::vector<std::uint64_t> box(shape_.size());
  for (std::size_t axis = 0; axis < box.size(); axis++) {
    box[axis] = std::min(chunk_[axis], shape_[axis] - corner_[axis]);
  }
  return box;
}

void ChunkWriter::step() {
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    corner_[axis] += chunk_[axis];
    if (corner_[axis] < shape_[axis]) return;
    corner_[axis] = 0;
  }
  ended_ = true;
}

}  // namespace spikeport::hdf5
