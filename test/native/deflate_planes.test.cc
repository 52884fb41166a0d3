#include "kernels/deflate/deflate_planes.h"

#include <doctest/doctest.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "support/inflate.h"
#include "support/planes.h"

namespace spikeport::kernels {
namespace {

using test::ByteVector;
using test::Random;

/** The stream, from a buffer of exactly its size: sanitizers report a write after its end. */
ByteVector planes_stream_of(const ByteVector& shuffled, std::size_t plane_size) {
  const std::size_t bound = deflate_planes_bound(shuffled.size());
  const auto out = std::make_unique_for_overwrite<std::byte[]>(bound);
  const std::size_t size = deflate_planes(shuffled, plane_size, {out.get(), bound});
  CHECK(size <= bound);
  return {out.get(), out.get() + size};
}

void check_planes(const ByteVector& shuffled, std::size_t plane_size) {
  CHECK(test::inflate_problem(planes_stream_of(shuffled, plane_size), shuffled) == "");
}

/** Planes of any character, one after the other. */
ByteVector any_planes(std::size_t planes, std::size_t plane_size, Random& random) {
  const auto& all = test::characters();
  ByteVector bytes;
  for (std::size_t plane = 0; plane < planes; plane++) {
    const ByteVector more = all[random.below(all.size())].make(plane_size, random);
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  return bytes;
}

TEST_CASE("deflate_planes: one plane of every character and every small size") {
  Random random(1);
  for (const test::Character& character : test::characters()) {
    for (std::size_t size = 1; size <= 300; size++) {
      INFO(character.name << " of " << size);
      check_planes(character.make(size, random), size);
    }
  }
}

TEST_CASE("deflate_planes: sizes around those of stored blocks, pieces and chunks") {
  Random random(2);
  for (const test::Character& character : test::characters()) {
    for (const std::size_t size :
         {2047, 2048, 8191, 8192, 8193, 32767, 32768, 32769, 65534, 65535, 65536, 65537, 98305, 131072, 262141}) {
      INFO(character.name << " of " << size);
      check_planes(character.make(size, random), size);
    }
  }
}

TEST_CASE("deflate_planes: planes of several characters and sizes, even and odd") {
  Random random(3);
  for (int i = 0; i < 4000; i++) {
    const std::size_t planes = std::size_t{1} << random.below(4);
    const std::size_t plane_size = 1 + random.below(i % 100 == 0 ? 140'000 : i % 5 == 0 ? 5'000 : 150);
    INFO("case " << i << ": " << planes << " planes of " << plane_size);
    ByteVector bytes = any_planes(planes, plane_size, random);
    // Bytes after the last whole plane.
    if (i % 7 == 0) bytes.insert(bytes.end(), random.below(8), random.byte());
    check_planes(bytes, plane_size);
  }
}

TEST_CASE("deflate_planes: the same stream on every processor, with vector instructions and without") {
  Random random(8);
  std::uint32_t checksum = 1;
  // Made from whole numbers alone, and left to no general compressor, whose streams depend on its version.
  for (const char* name : {"random", "runs", "few symbols", "skewed"}) {
    const auto& all = test::characters();
    const auto character = std::ranges::find(all, name, &test::Character::name);
    const ByteVector bytes = character->make(200'000, random);
    const ByteVector stream = planes_stream_of(bytes, 70'000);
    INFO(name);
    CHECK(stream[1] == std::byte{1});
    checksum = libdeflate_adler32(checksum, stream.data(), stream.size());
  }
  // To be replaced when streams are meant to change.
  CHECK(checksum == 922'586'225);
}

TEST_CASE("deflate_planes: shuffled numbers") {
  Random random(4);
  for (const test::Numbers& numbers : test::kinds_of_numbers()) {
    for (const std::size_t count : {1, 2, 3, 10, 63, 64, 65, 100, 1000, 4095, 10'000, 65'537, 131'072}) {
      INFO(numbers.name << ", " << count);
      check_planes(numbers.make(count, random), count);
    }
  }
}

TEST_CASE("deflate_planes: a plane size that is not that of the planes") {
  Random random(5);
  const ByteVector bytes = any_planes(8, 1000, random);
  for (const std::size_t plane_size : {0, 1, 7, 64, 999, 1001, 8000, 1'000'000}) {
    INFO(plane_size);
    check_planes(bytes, plane_size);
  }
}

/** Code lengths: `counts[i]` of length i + 1, and what is missing for Kraft's sum to be 1 of the longest length. */
std::vector<unsigned> lengths_by_count(const std::vector<unsigned>& counts) {
  std::vector<unsigned> lengths;
  std::size_t left = std::size_t{1} << counts.size();
  for (unsigned length = 1; length <= counts.size(); length++) {
    const std::size_t share = std::size_t{1} << (counts.size() - length);
    for (unsigned i = 0; i < counts[length - 1]; i++, left -= share) lengths.push_back(length);
  }
  lengths.insert(lengths.end(), left, static_cast<unsigned>(counts.size()));
  return lengths;
}

/** The longest code of code lengths in the header of a stream's first block, which is one with codes of its own. */
unsigned longest_code_of_lengths(const ByteVector& stream) {
  std::size_t at = 16;
  const auto bits = [&](unsigned count) {
    unsigned value = 0;
    for (unsigned i = 0; i < count; i++, at++) value |= (std::to_integer<unsigned>(stream[at / 8]) >> at % 8 & 1U) << i;
    return value;
  };
  const unsigned type = bits(3) >> 1U;
  REQUIRE(type == 2);
  bits(5 + 5);
  unsigned longest = 0;
  for (unsigned left = bits(4) + 4; left > 0; left--) longest = std::max(longest, bits(3));
  return longest;
}

TEST_CASE("deflate_planes: codes as long as they may be, also those of code lengths") {
  Random random(6);
  // As many codes of each length as make those of the lengths as uneven as Fibonacci's numbers.
  std::vector<unsigned> lengths = lengths_by_count({0, 1, 1, 2, 3, 5, 8, 13, 21, 34});
  REQUIRE(lengths.size() <= 256);
  for (std::size_t i = lengths.size(); i > 1; i--) std::swap(lengths[i - 1], lengths[random.below(i)]);
  const ByteVector bytes = test::with_code_lengths(lengths, random);
  CHECK(longest_code_of_lengths(planes_stream_of(bytes, bytes.size())) == 7);
  check_planes(bytes, bytes.size());
  for (std::size_t deepest = 2; deepest <= 17; deepest++) {
    INFO("one code of each length to " << deepest);
    std::vector<unsigned> chain = lengths_by_count(std::vector<unsigned>(deepest, 1));
    const ByteVector chained = test::with_code_lengths(chain, random);
    check_planes(chained, chained.size());
  }
}

TEST_CASE("deflate_planes: random bytes hardly grow, regular numbers shrink to little") {
  Random random(7);
  const auto size_of = [&](const char* name, std::size_t count) {
    const auto& kinds = test::kinds_of_numbers();
    const auto kind = std::ranges::find(kinds, name, &test::Numbers::name);
    return planes_stream_of(kind->make(count, random), count).size();
  };
  const ByteVector bytes = test::characters().front().make(1 << 20, random);
  CHECK(planes_stream_of(bytes, bytes.size()).size() < bytes.size() + 200);
  CHECK(planes_stream_of(ByteVector(1 << 20), 1 << 17).size() < 2000);
  CHECK(size_of("regular times", 131'072) < 8 * 131'072 / 20);
  CHECK(size_of("spike times in samples", 131'072) < 8 * 131'072 * 3 / 10);
}

}  // namespace
}  // namespace spikeport::kernels
