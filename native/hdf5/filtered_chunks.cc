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
      sparse_(dynamic_cast<const SparseColumn*>(column_.get())),
      buffer_(grid_.chunk_elements() * size_of(column_->type())) {}

bool FilteredChunks::write_one(File& file, Job& job) {
  // Looking for spikes costs little, but not nothing: other exports get their turn.
  constexpr int most_blank = 1024;
  for (int blank = 0; next_ < grid_.size() && blank < most_blank; blank++) {
    const Chunk chunk = grid_[next_++];
    const auto block = std::span(buffer_).first(chunk.count * size_of(column_->type()));
    job.advance(block.size());
    if (is_blank(chunk)) continue;
    column_->fill(first_ + chunk.first, block);
    file.write_box(dataset_, column_->type(), chunk.corner, chunk.box, block);
    break;
  }
  return next_ < grid_.size();
}

bool FilteredChunks::is_blank(const Chunk& chunk) const {
  if (sparse_ == nullptr) return false;
  std::vector<SparseElement> elements;
  sparse_->fill_sparse(first_ + chunk.first, chunk.count, elements);
  return elements.empty();
}

}  // namespace spikeport::hdf5
