#include "hdf5/chunks/chunk_encoder.h"

#include <algorithm>

#include "kernels/deflate/deflate.h"
#include "kernels/deflate/deflate_planes.h"
#include "kernels/deflate/deflate_sparse.h"
#include "kernels/shuffle.h"

namespace spikeport::hdf5 {
namespace {

/** The level at which we make the stream ourselves, from the byte planes or straight from the spikes. */
constexpr unsigned fast_level = 1;

using kernels::SparseByte;

/** Byte number `byte` of an element. */
std::byte byte_of(std::uint64_t value, unsigned byte) { return static_cast<std::byte>(value >> 8U * byte); }

/** The non-zero bytes of elements of this size, one element after another. */
std::vector<SparseByte> plain_bytes(std::span<const SparseElement> elements, unsigned element_size) {
  std::vector<SparseByte> bytes;
  for (const auto& [position, value] : elements) {
    for (unsigned byte = 0; byte < element_size; byte++) {
      const std::byte part = byte_of(value, byte);
      if (part != std::byte{0}) bytes.push_back({position * element_size + byte, part});
    }
  }
  return bytes;
}

/** The same after the shuffle filter: all first bytes of `count` elements, then all second bytes, and so on. */
std::vector<SparseByte> shuffled_bytes(std::span<const SparseElement> elements, unsigned element_size,
                                       std::uint64_t count) {
  std::vector<SparseByte> bytes;
  bytes.reserve(elements.size());
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

/** Deflates into the room after the end of `out`. Returns the length of the stream. */
std::size_t deflated(std::span<const std::byte> bytes, const Chunking& chunking, const ChunkGrid& grid,
                     StreamBuffer& out) {
  if (chunking.shuffle && chunking.deflate_level == fast_level) {
    return kernels::deflate_planes(bytes, static_cast<std::size_t>(grid.chunk_elements()),
                                   out.room(kernels::deflate_planes_bound(bytes.size())));
  }
  return kernels::deflate(bytes, static_cast<int>(*chunking.deflate_level),
                          out.room(kernels::deflate_bound(bytes.size())));
}

/**
 * Appends a zlib stream that is never longer than one of stored blocks. HDF5 lets a chunk skip a filter that does not
 * pay, but several readers ignore the mask of skipped filters.
 */
void append_deflated(std::span<const std::byte> bytes, const Chunking& chunking, const ChunkGrid& grid,
                     StreamBuffer& out) {
  std::size_t size = deflated(bytes, chunking, grid, out);
  if (size > kernels::deflate_stored_size(bytes.size())) {
    size = kernels::deflate_stored(bytes, out.room(kernels::deflate_stored_bound(bytes.size())));
  }
  out.advance(size);
}

}  // namespace

void ChunkEncoder::encode(const Source& source, std::uint64_t first, const ChunkGrid& grid, const Chunk& chunk,
                          const Chunking& chunking, StreamBuffer& out) {
  runs_ = grid.runs_of(chunk);
  for (Run& run : runs_) run.in_array += first;
  if (const SparseSource* sparse = source.sparse()) {
    sparse_.clear();
    for (const Run& run : runs_) sparse->fill_sparse(run.in_array, run.count, run.in_chunk, sparse_);
    if (sparse_.empty()) return;
    if (chunking.deflate_level == fast_level) {
      encode_sparse(size_of(source.type()), grid, chunking.shuffle, out);
      return;
    }
  }
  fill(source, grid);
  encode_dense(source, grid, chunking, out);
}

void ChunkEncoder::encode_sparse(std::size_t element_size, const ChunkGrid& grid, bool shuffle, StreamBuffer& out) {
  const auto size = static_cast<unsigned>(element_size);
  const std::uint64_t count = grid.chunk_elements();
  stream_.clear();
  kernels::deflate_sparse(shuffle ? shuffled_bytes(sparse_, size, count) : plain_bytes(sparse_, size), count * size,
                          stream_);
  out.append(stream_);
}

void ChunkEncoder::encode_dense(const Source& source, const ChunkGrid& grid, const Chunking& chunking,
                                StreamBuffer& out) {
  std::span<const std::byte> bytes = elements_;
  if (chunking.shuffle) {
    shuffled_.resize(elements_.size());
    kernels::shuffle(elements_, size_of(source.type()), shuffled_.data());
    bytes = shuffled_;
  }
  if (chunking.deflate_level) {
    append_deflated(bytes, chunking, grid, out);
  } else {
    out.append(bytes);
  }
}

void ChunkEncoder::fill(const Source& source, const ChunkGrid& grid) {
  const std::size_t element = size_of(source.type());
  elements_.resize(static_cast<std::size_t>(grid.chunk_elements()) * element);
  std::uint64_t filled = 0;
  for (const Run& run : runs_) filled += run.count;
  // What reaches over the edge of the array is the fill value: it is read once rows are added to the dataset.
  if (filled < grid.chunk_elements()) std::ranges::fill(elements_, std::byte{0});
  for (const Run& run : runs_) {
    source.fill(run.in_array, std::span(elements_).subspan(static_cast<std::size_t>(run.in_chunk) * element,
                                                           static_cast<std::size_t>(run.count) * element));
  }
}

}  // namespace spikeport::hdf5
