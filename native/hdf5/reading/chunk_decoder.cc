#include "hdf5/reading/chunk_decoder.h"

#include "kernels/fletcher32.h"
#include "kernels/inflate.h"
#include "kernels/shuffle.h"

namespace spikeport::hdf5 {
namespace {

constexpr std::size_t checksum_bytes = 4;

bool is_used(std::uint32_t mask, std::size_t filter) { return (mask >> filter & 1U) == 0; }

/** How long the chunk was before it went through a filter, where that is known: nothing but deflate and szip change it
 * by more than a checksum. */
std::optional<std::size_t> size_before(const std::vector<Filter>& filters, std::uint32_t mask, std::size_t filter,
                                       std::size_t bytes) {
  for (std::size_t i = 0; i < filter; i++) {
    if (!is_used(mask, i)) continue;
    if (filters[i].kind == Filter::Kind::deflate) return std::nullopt;
    if (filters[i].kind == Filter::Kind::fletcher32) bytes += checksum_bytes;
  }
  return bytes;
}

}  // namespace

std::span<std::byte> ChunkDecoder::buffer(std::size_t bytes) {
  auto& next = buffers_[used_ ^= 1U];
  if (next.size() < bytes) next.resize(bytes);
  return std::span(next).first(bytes);
}

std::span<const std::byte> ChunkDecoder::decode(std::span<const std::byte> stored, const std::vector<Filter>& filters,
                                                std::uint32_t mask, std::size_t bytes, std::string& problem) {
  std::span<const std::byte> chunk = stored;
  for (std::size_t i = filters.size(); i-- > 0;) {
    if (!is_used(mask, i)) continue;
    switch (filters[i].kind) {
      case Filter::Kind::deflate: {
        const auto known = size_before(filters, mask, i, bytes);
        if (known.value_or(0) / kernels::most_growth > chunk.size()) {
          problem = "a chunk of it is damaged: it is too short";
          return {};
        }
        const auto room = buffer(known.value_or(kernels::most_deflated(bytes)));
        const auto size = kernels::inflate(chunk, room);
        if (!size || (known && *size != *known)) {
          problem = "a chunk of it is damaged: it does not inflate";
          return {};
        }
        chunk = room.first(*size);
        break;
      }
      case Filter::Kind::fletcher32:
        if (chunk.size() < checksum_bytes || !kernels::has_fletcher32(chunk)) {
          problem = "a chunk of it is damaged: its checksum differs";
          return {};
        }
        chunk = chunk.first(chunk.size() - checksum_bytes);
        break;
      case Filter::Kind::shuffle: {
        if (filters[i].element_size <= 1 || filters[i].element_size > chunk.size()) break;
        const auto room = buffer(chunk.size());
        kernels::unshuffle(chunk, filters[i].element_size, room.data());
        chunk = room;
        break;
      }
      case Filter::Kind::szip:
        // Read by the library.
        break;
    }
  }
  if (chunk.size() != bytes) {
    problem = "a chunk of it has " + std::to_string(chunk.size()) + " bytes instead of " + std::to_string(bytes);
    return {};
  }
  return chunk;
}

}  // namespace spikeport::hdf5
