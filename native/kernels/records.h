// Records of bytes, which are moved with the spikes that they belong to.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>

namespace spikeport::kernels {

/** Records of `size` bytes each, one after the other. A size of 0 is that of spikes without any. */
struct Records {
  std::span<std::byte> bytes;
  std::size_t size = 0;

  [[nodiscard]] Records subspan(std::size_t first, std::size_t count) const {
    return {.bytes = bytes.subspan(first * size, count * size), .size = size};
  }
};

/**
 * Calls `use(copy)` once, `copy(i, at)` being what copies record `i` of `from` to place `at` of `to`: of the usual
 * sizes in one instruction, and nothing at all where records have no bytes.
 */
template <typename Use>
void with_record_copy(const Records& from, const Records& to, Use use) {
  const std::byte* in = from.bytes.data();
  std::byte* out = to.bytes.data();
  const auto of_size = [&]<std::size_t size>() {
    use([in, out](std::size_t i, std::size_t at) { std::memcpy(out + at * size, in + i * size, size); });
  };
  switch (from.size) {
    case 0:
      use([](std::size_t /*i*/, std::size_t /*at*/) {});
      break;
    case 2:
      of_size.template operator()<2>();
      break;
    case 4:
      of_size.template operator()<4>();
      break;
    case 8:
      of_size.template operator()<8>();
      break;
    default:
      use([in, out, size = from.size](std::size_t i, std::size_t at) {
        std::memcpy(out + at * size, in + i * size, size);
      });
  }
}

}  // namespace spikeport::kernels
