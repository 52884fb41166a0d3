#include "kernels/deflate.h"

#include <libdeflate.h>

#include <array>
#include <memory>
#include <new>

namespace spikeport::kernels {
namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};
using Compressor = std::unique_ptr<libdeflate_compressor, FreeCompressor>;

constexpr std::size_t levels = 9;

/** This thread's compressor: making one costs more than compressing a small chunk. */
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

}  // namespace spikeport::kernels
