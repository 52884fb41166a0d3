#include "kernels/deflate/deflate.h"

#include <libdeflate.h>

#include <array>
#include <memory>
#include <new>

#include "kernels/deflate/bit_writer.h"
#include "kernels/deflate/deflate_block.h"

namespace spikeport::kernels {
namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};
using Compressor = std::unique_ptr<libdeflate_compressor, FreeCompressor>;

constexpr std::size_t levels = 9;

/** This thread's compressor, kept because allocating one costs more than compressing a small chunk. */
libdeflate_compressor* compressor(int level) {
  thread_local std::array<Compressor, levels> compressors;
  Compressor& kept = compressors.at(static_cast<std::size_t>(level - 1));
  if (!kept) kept.reset(libdeflate_alloc_compressor(level));
  if (!kept) throw std::bad_alloc();
  return kept.get();
}

}  // namespace

std::size_t deflate_bound(std::size_t size) { return libdeflate_zlib_compress_bound(nullptr, size); }

std::size_t deflate(std::span<const std::byte> bytes, int level, std::span<std::byte> out) {
  return libdeflate_zlib_compress(compressor(level), bytes.data(), bytes.size(), out.data(), out.size());
}

std::size_t deflate_stored_size(std::size_t size) {
  return static_cast<std::size_t>(stored_bits(size) / 8) + zlib_frame_size;
}

std::size_t deflate_stored_bound(std::size_t size) { return deflate_stored_size(size) + BitWriter::slack; }

std::size_t deflate_stored(std::span<const std::byte> bytes, std::span<std::byte> out) {
  BitWriter bits(out.data());
  put_zlib_header(bits);
  put_stored(bits, bytes, true);
  put_zlib_trailer(bits, libdeflate_adler32(1, bytes.data(), bytes.size()));
  return static_cast<std::size_t>(bits.end() - out.data());
}

}  // namespace spikeport::kernels
