#include "hdf5/filtered_chunks.h"

#include <span>
#include <utility>

namespace spikeport::hdf5 {

FilteredChunks::FilteredChunks(Handle dataset, std::shared_ptr<const Column> column, std::uint64_t first,
                               ChunkGrid grid)
    : dataset_(std::move(dataset)),
      column_(std::move(column)),
      first_(first),
      grid_(std::move(grid)),
      buffer_(grid_.chunk_elements() * size_of(column_->type())) {}

bool FilteredChunks::write_one(File& file, Job& job) {
  const Chunk chunk = grid_[next_++];
  const auto block = std::span(buffer_).first(chunk.count * size_of(column_->type()));
  column_->fill(first_ + chunk.first, block);
  file.write_box(dataset_, column_->type(), chunk.corner, chunk.box, block);
  job.advance(block.size());
  return next_ < grid_.size();
}

}  // namespace spikeport::hdf5
