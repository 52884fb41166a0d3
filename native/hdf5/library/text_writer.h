#pragma once

// Writes a dataset of texts with the HDF5 library, in steps.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "hdf5/library/file.h"
#include "hdf5/library/handle.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

/** Has the library make a dataset of texts, a block of them at a time. Used on the HDF5 thread. */
class TextWriter {
 public:
  /** Makes the dataset. File and texts are kept as they are. */
  TextWriter(File& file, const TextDataset& dataset);

  [[nodiscard]] bool is_done() const { return !blocks_ || next_block_ == blocks_->size(); }

  /** Writes a block, of which there is one. @return the bytes of its texts */
  std::uint64_t write_some();

 private:
  const Check& check_;
  const TextDataset& dataset_;
  Handle handle_;
  /** What is written at once lies together. Without texts there are no blocks. */
  std::optional<ChunkGrid> blocks_;
  std::uint64_t next_block_ = 0;
  std::size_t next_text_ = 0;
};

}  // namespace spikeport::hdf5
