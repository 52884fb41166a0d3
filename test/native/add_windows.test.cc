#include "kernels/add_windows.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

/** One sample after the other, in the same order. */
template <typename T>
void check_windows(ElementType type, test::Random& random) {
  std::vector<T> samples(2000);
  for (T& sample : samples) {
    const auto byte = static_cast<std::uint8_t>(random.byte());
    sample = byte == 0 ? std::numeric_limits<T>::lowest() : static_cast<T>(byte * 3 / 4);
  }
  for (const std::size_t window : {1, 2, 61, 63, 64, 65, 128, 500}) {
    for (const std::size_t count : {0, 1, 2, 300}) {
      std::vector<std::uint64_t> begins(count);
      for (auto& begin : begins) begin = static_cast<std::uint8_t>(random.byte()) % (samples.size() - window + 1);
      std::vector<double> sums(window, 0.25);
      std::vector<double> expected = sums;
      for (const std::uint64_t begin : begins) {
        for (std::size_t i = 0; i < window; i++) {
          expected[i] += static_cast<double>(samples[static_cast<std::size_t>(begin) + i]);
        }
      }
      add_windows(type, std::as_bytes(std::span(samples)).data(), begins, sums);
      CAPTURE(window);
      CAPTURE(count);
      CHECK(sums == expected);
    }
  }
}

TEST_CASE("add_windows: every type and size, as plain sums have it") {
  test::Random random(5);
  check_windows<std::int8_t>(ElementType::i8, random);
  check_windows<std::uint8_t>(ElementType::u8, random);
  check_windows<std::int16_t>(ElementType::i16, random);
  check_windows<std::uint16_t>(ElementType::u16, random);
  check_windows<std::int32_t>(ElementType::i32, random);
  check_windows<std::uint32_t>(ElementType::u32, random);
  check_windows<std::int64_t>(ElementType::i64, random);
  check_windows<std::uint64_t>(ElementType::u64, random);
  check_windows<float>(ElementType::f32, random);
  check_windows<double>(ElementType::f64, random);
}

TEST_CASE("add_windows: the most windows of the largest numbers") {
  const std::vector<std::uint16_t> samples(64, std::numeric_limits<std::uint16_t>::max());
  const std::vector<std::uint64_t> begins(most_windows, 0);
  std::vector<double> sums(64, 0);
  add_windows(ElementType::u16, std::as_bytes(std::span(samples)).data(), begins, sums);
  CHECK(sums == std::vector<double>(64, 65535.0 * most_windows));
}

}  // namespace
}  // namespace spikeport::kernels
