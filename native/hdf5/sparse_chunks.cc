#include "hdf5/sparse_chunks.h"

#include <utility>

namespace spikeport::hdf5 {
namespace {

/** Enough that handing over costs little, and little enough to hold. */
constexpr std::size_t most_encoded_bytes = std::size_t{1} << 18U;
constexpr unsigned most_chunks = 64;

using kernels::SparseByte;

/** Byte number `byte` of an element. */
std::byte byte_of(std::uint64_t value, unsigned byte) { return static_cast<std::byte>(value >> 8U * byte); }

/** The bytes that are not zero of elements of this size, one element behind the other. */
std::vector<SparseByte> plain_bytes(const std::vector<SparseElement>& elements, unsigned element_size) {
  std::vector<SparseByte> bytes;
  for (const auto& [position, value] : elements) {
    for (unsigned byte = 0; byte < element_size; byte++) {
      const std::byte part = byte_of(value, byte);
      if (part != std::byte{0}) bytes.push_back({position * element_size + byte, part});
    }
  }
  return bytes;
}

/** The same behind the shuffle filter: all first bytes of `count` elements, then all second bytes, and so on. */
std::vector<SparseByte> shuffled_bytes(const std::vector<SparseElement>& elements, unsigned element_size,
                                       std::uint64_t count) {
  std::vector<SparseByte> bytes;
  for (unsigned byte = 0; byte < element_size; byte++) {
    bool beyond = false;
    for (const auto& [position, value] : elements) {
      const std::byte part = byte_of(value, byte);
      if (part != std::byte{0}) bytes.push_back({byte * count + position, part});
      beyond = beyond || value >> 8U * byte > 0xFF;
    }
    if (!beyond) break;
  }
  return bytes;
}

}  // namespace

SparseChunks::SparseChunks(Handle dataset, std::shared_ptr<const SparseColumn> column, ChunkGrid grid, bool shuffle)
    : dataset_(std::move(dataset)), column_(std::move(column)), grid_(std::move(grid)), shuffle_(shuffle) {}

bool SparseChunks::encode(Job& job, unsigned participant) {
  auto& encoded = encoded_[participant];
  std::vector<SparseElement> elements;
  std::size_t bytes = 0;
  std::uint64_t covered = 0;
  bool more = true;
  for (unsigned i = 0; i < most_chunks && bytes < most_encoded_bytes; i++) {
    const std::uint64_t index = next_++;
    more = index < grid_.size();
    if (!more) break;
    Chunk chunk = grid_[index];
    elements.clear();
    column_->fill_sparse(chunk.first, chunk.count, elements);
    covered += chunk.count * size_of(column_->type());
    if (elements.empty()) continue;
    encoded.push_back({std::move(chunk.corner), stream_of(elements)});
    bytes += encoded.back().stream.size();
  }
  if (covered > 0) job.advance(covered);
  return more || !encoded.empty();
}

std::vector<std::byte> SparseChunks::stream_of(const std::vector<SparseElement>& elements) const {
  const auto element_size = static_cast<unsigned>(size_of(column_->type()));
  const std::uint64_t count = grid_.chunk_elements();
  std::vector<std::byte> stream;
  kernels::deflate_sparse(
      shuffle_ ? shuffled_bytes(elements, element_size, count) : plain_bytes(elements, element_size),
      count * element_size, stream);
  return stream;
}

void SparseChunks::write(File& file, unsigned participant) {
  for (const auto& [corner, stream] : encoded_[participant]) file.write_encoded_chunk(dataset_, corner, stream);
  encoded_[participant].clear();
}

}  // namespace spikeport::hdf5
