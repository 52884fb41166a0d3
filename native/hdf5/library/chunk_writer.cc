#include "hdf5/library/chunk_writer.h"

namespace spikeport::hdf5 {

void ChunkWriter::write(const ChunkBatch& batch) {
  for (const ChunkItem& item : batch.items) {
    if (open_ != item.dataset) {
      const auto& [dataset, first, grid] = *item.dataset;
      handle_ = file_->create_dataset(dataset.path, dataset.type(), grid.shape(), dataset.chunking, dataset.attributes);
      open_ = item.dataset;
    }
    if (item.size() == 0) continue;
    file_->write_encoded_chunk(handle_, item.chunk.corner, batch.streams.bytes().subspan(item.begin, item.size()));
  }
}

}  // namespace spikeport::hdf5
