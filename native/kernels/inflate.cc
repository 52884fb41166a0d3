#include "kernels/inflate.h"

#include <libdeflate.h>

#include <memory>
#include <new>

namespace spikeport::kernels {
namespace {

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

/** This thread's own. */
libdeflate_decompressor* decompressor() {
  thread_local std::unique_ptr<libdeflate_decompressor, FreeDecompressor> kept;
  if (!kept) kept.reset(libdeflate_alloc_decompressor());
  if (!kept) throw std::bad_alloc();
  return kept.get();
}

}  // namespace

std::size_t most_deflated(std::size_t size) { return libdeflate_zlib_compress_bound(nullptr, size); }

std::optional<std::size_t> inflate(std::span<const std::byte> stream, std::span<std::byte> out) {
  std::size_t size = 0;
  const auto result =
      libdeflate_zlib_decompress(decompressor(), stream.data(), stream.size(), out.data(), out.size(), &size);
  if (result != LIBDEFLATE_SUCCESS) return std::nullopt;
  return size;
}

}  // namespace spikeport::kernels
