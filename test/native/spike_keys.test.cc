#include "kernels/spike_keys.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

/** Around the widths that take one more digit, or one more bit of each. */
constexpr std::array<std::uint32_t, 12> widths{1,
                                               2,
                                               3,
                                               1U << 11U,
                                               (1U << 11U) + 1,
                                               1U << 12U,
                                               1U << 22U,
                                               (1U << 22U) + 1,
                                               1U << 23U,
                                               1U << 31U,
                                               (1U << 31U) - 1,
                                               UINT32_MAX};

TEST_CASE("spike keys: what they are made of") {
  for (const std::uint32_t value : {0U, 1U, 1U << 31U, UINT32_MAX}) {
    CHECK(sample_of(spike_key(value, 5)) == value);
    CHECK(unit_of(spike_key(value, 5)) == 5);
    CHECK(unit_of(spike_key(7, value)) == value);
  }
}

TEST_CASE("sort_by_sample: as a stable sort does it") {
  test::Random random(1);
  for (const std::uint32_t width : widths) {
    for (const std::size_t size : {0U, 1U, 2U, 1000U, 70000U}) {
      CAPTURE(width);
      CAPTURE(size);
      std::vector<SpikeKey> keys(size);
      // The unit distinguishes spikes of one sample, and descends, so that nothing but the sample may be compared.
      for (std::size_t i = 0; i < size; i++) {
        const std::uint64_t sample = random.below(std::min<std::uint64_t>(width, i % 3 == 0 ? 5 : width));
        keys[i] = spike_key(static_cast<std::uint32_t>(sample), static_cast<std::uint32_t>(size - i));
      }
      std::vector<SpikeKey> expected = keys;
      std::ranges::stable_sort(expected, {}, sample_of);
      std::vector<SpikeKey> scratch(size);
      CHECK(std::ranges::equal(sort_by_sample(keys, scratch, width), expected));
    }
  }
}

}  // namespace
}  // namespace spikeport::kernels
