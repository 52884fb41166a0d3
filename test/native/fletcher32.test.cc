#include "kernels/fletcher32.h"

#include <doctest/doctest.h>

#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

using Bytes = std::vector<std::byte>;

/** The sums as they are defined, reduced after every word. */
std::uint32_t plain(const Bytes& bytes) {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const auto high = std::to_integer<std::uint32_t>(bytes[i]);
    const auto low = i + 1 < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + 1]) : 0;
    first = (first + (high << 8U | low)) % 65535;
    second = (second + first) % 65535;
  }
  return second << 16U | first;
}

/** Whether two checksums are the same numbers modulo 65535, of which 0 and 65535 are one. */
bool are_equal(std::uint32_t a, std::uint32_t b) {
  return (a >> 16U) % 65535 == (b >> 16U) % 65535 && (a & 0xFFFFU) % 65535 == (b & 0xFFFFU) % 65535;
}

TEST_CASE("fletcher32: any length") {
  test::Random random(4);
  for (std::size_t size = 0; size < 3000; size += size < 20 ? 1 : 97) {
    Bytes bytes(size);
    for (std::byte& byte : bytes) byte = random.byte();
    CAPTURE(size);
    const std::uint32_t sum = fletcher32(bytes);
    CHECK(are_equal(sum, plain(bytes)));
    for (unsigned i = 0; i < 4; i++) bytes.push_back(static_cast<std::byte>(sum >> 8 * i));
    CHECK(has_fletcher32(bytes));
    if (size == 0) continue;
    bytes[random.below(size)] ^= std::byte{1};
    CHECK_FALSE(has_fletcher32(bytes));
  }
}

}  // namespace
}  // namespace spikeport::kernels
