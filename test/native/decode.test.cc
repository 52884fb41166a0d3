#include "kernels/decode.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "support/random.h"

namespace spikeport::kernels {
namespace {

using Bytes = std::vector<std::byte>;

template <typename T>
Bytes stored_bytes_of(const std::vector<T>& numbers, bool is_big_endian) {
  Bytes bytes(numbers.size() * sizeof(T));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  for (std::size_t i = 0; is_big_endian && i < bytes.size(); i += sizeof(T)) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + sizeof(T)));
  }
  return bytes;
}

template <typename T>
std::vector<T> decoded(const Bytes& bytes, const StoredElements& stored, ElementType wanted,
                       const Scaling& scaling = {}) {
  std::vector<T> out(bytes.size() / size_of(stored));
  REQUIRE(can_decode(stored, wanted, scaling));
  CHECK_FALSE(decode(bytes, stored, scaling, wanted, reinterpret_cast<std::byte*>(out.data())));
  return out;
}

template <typename T>
void check_type(ElementType type) {
  test::Random random(3);
  std::vector<T> numbers{T{}, T{1}, std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max()};
  for (int i = 0; i < 100; i++) numbers.push_back(static_cast<T>(static_cast<double>(random.below(100)) / 3));
  for (const bool is_big_endian : {false, true}) {
    const StoredElements stored{.type = type, .is_big_endian = is_big_endian};
    const Bytes bytes = stored_bytes_of(numbers, is_big_endian);
    CHECK(decoded<T>(bytes, stored, type) == numbers);
    const auto as_double = decoded<double>(bytes, stored, ElementType::f64);
    const auto times = decoded<double>(bytes, stored, ElementType::f64, {Scaling::Kind::times, 1e3});
    const auto ms = decoded<double>(bytes, stored, ElementType::f64, {Scaling::Kind::samples_to_ms, 24414.0625});
    for (std::size_t i = 0; i < numbers.size(); i++) {
      const auto number = static_cast<double>(numbers[i]);
      CHECK(as_double[i] == number);
      CHECK(times[i] == number * 1e3);
      CHECK(ms[i] == number / 24414.0625 * 1e3);
    }
  }
}

TEST_CASE("decode: every type in both orders, to itself and to float64") {
  check_type<std::int8_t>(ElementType::i8);
  check_type<std::uint8_t>(ElementType::u8);
  check_type<std::int16_t>(ElementType::i16);
  check_type<std::uint16_t>(ElementType::u16);
  check_type<std::int32_t>(ElementType::i32);
  check_type<std::uint32_t>(ElementType::u32);
  check_type<std::int64_t>(ElementType::i64);
  check_type<std::uint64_t>(ElementType::u64);
  check_type<float>(ElementType::f32);
  check_type<double>(ElementType::f64);
}

TEST_CASE("decode: integers to int64, but those of 2^63 and more") {
  const std::vector<std::uint64_t> numbers{0, INT64_MAX, std::uint64_t{1} << 63U, 5};
  const Bytes bytes = stored_bytes_of(numbers, true);
  const StoredElements stored{.type = ElementType::u64, .is_big_endian = true};
  std::vector<std::int64_t> out(4);
  CHECK(decode(bytes, stored, {}, ElementType::i64, reinterpret_cast<std::byte*>(out.data())) == 2);
  CHECK(decoded<std::int64_t>(Bytes(bytes.begin(), bytes.begin() + 16), stored, ElementType::i64) ==
        std::vector<std::int64_t>{0, INT64_MAX});
  CHECK(decoded<std::int64_t>(stored_bytes_of<std::int8_t>({-5, 7}, false), {.type = ElementType::i8},
                              ElementType::i64) == std::vector<std::int64_t>{-5, 7});
}

TEST_CASE("decode: every float16") {
  std::vector<std::uint16_t> halves(65536);
  for (std::size_t i = 0; i < halves.size(); i++) halves[i] = static_cast<std::uint16_t>(i);
  for (const bool is_big_endian : {false, true}) {
    const StoredElements stored{.type = ElementType::f32, .is_big_endian = is_big_endian, .is_half = true};
    const auto floats = decoded<float>(stored_bytes_of(halves, is_big_endian), stored, ElementType::f32);
    for (std::size_t i = 0; i < halves.size(); i++) {
      const unsigned exponent = halves[i] >> 10U & 31U;
      const unsigned mantissa = halves[i] & 1023U;
      const double sign = halves[i] >> 15U != 0 ? -1 : 1;
      if (exponent == 31) {
        CHECK((mantissa == 0 ? std::isinf(floats[i]) : std::isnan(floats[i])));
      } else {
        const double value =
            exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, static_cast<int>(exponent) - 25);
        CHECK(std::bit_cast<std::uint32_t>(floats[i]) ==
              std::bit_cast<std::uint32_t>(static_cast<float>(sign * value)));
      }
    }
  }
}

TEST_CASE("decode: what is refused") {
  CHECK_FALSE(can_decode({.type = ElementType::f64}, ElementType::f32, {}));
  CHECK_FALSE(can_decode({.type = ElementType::f32}, ElementType::i64, {}));
  CHECK_FALSE(can_decode({.type = ElementType::i32}, ElementType::i32, {Scaling::Kind::times, 2}));
}

}  // namespace
}  // namespace spikeport::kernels
