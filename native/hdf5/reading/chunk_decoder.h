// Undoes the filters of chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {

/** The buffers of one thread that decodes chunks. */
class ChunkDecoder {
 public:
  /**
   * Undoes the filters of a chunk.
   *
   * @param mask a bit for each filter that this chunk has not been through
   * @param bytes the size of a chunk without filters
   * @param problem set where the chunk is damaged, and nothing is returned
   * @return the elements, which stay until the next call, or are `stored` itself
   */
  std::span<const std::byte> decode(std::span<const std::byte> stored, const std::vector<Filter>& filters,
                                    std::uint32_t mask, std::size_t bytes, std::string& problem);

 private:
  std::span<std::byte> buffer(std::size_t bytes);

  std::vector<std::byte> buffers_[2];
  unsigned used_ = 0;
};

}  // namespace spikeport::hdf5
