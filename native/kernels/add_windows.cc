#include "kernels/add_windows.h"

#include <algorithm>
#include <array>
#include <concepts>

namespace spikeport::kernels {
namespace {

/** Windows are added in strips of this many samples, whose sums stay in the processor's registers and cache. */
constexpr std::size_t strip = 64;

/** Small whole numbers: first in 32 bits, of which a vector holds twice as many as of float64. */
template <std::integral T>
requires(sizeof(T) <= 2) void add(const T* samples, std::span<const std::uint64_t> begins, std::span<double> sums) {
  for (std::size_t from = 0; from < sums.size(); from += strip) {
    const auto part = sums.subspan(from, std::min(strip, sums.size() - from));
    std::array<std::int32_t, strip> whole{};
    for (const std::uint64_t begin : begins) {
      const T* const window = samples + begin + from;
      for (std::size_t i = 0; i < part.size(); i++) whole[i] += window[i];
    }
    for (std::size_t i = 0; i < part.size(); i++) part[i] += whole[i];
  }
}

template <typename T>
void add(const T* samples, std::span<const std::uint64_t> begins, std::span<double> sums) {
  for (const std::uint64_t begin : begins) {
    const T* const window = samples + begin;
    for (std::size_t i = 0; i < sums.size(); i++) sums[i] += static_cast<double>(window[i]);
  }
}

}  // namespace

void add_windows(ElementType type, const std::byte* samples, std::span<const std::uint64_t> begins,
                 std::span<double> sums) {
  with_type(type, [&]<typename T>(T /*zero*/) { add(reinterpret_cast<const T*>(samples), begins, sums); });
}

}  // namespace spikeport::kernels
