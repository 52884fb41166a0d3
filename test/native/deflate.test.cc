#include "kernels/deflate/deflate.h"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

#include "support/inflate.h"
#include "support/planes.h"

namespace spikeport::kernels {
namespace {

using test::ByteVector;

ByteVector stream_of(const ByteVector& bytes, int level) {
  const std::size_t bound = deflate_bound(bytes.size());
  const auto out = std::make_unique_for_overwrite<std::byte[]>(bound);
  const std::size_t size = deflate(bytes, level, {out.get(), bound});
  REQUIRE(size > 0);
  return {out.get(), out.get() + size};
}

TEST_CASE("deflate: every level, every character") {
  test::Random random(1);
  for (int level = 1; level <= 9; level++) {
    for (const test::Character& character : test::characters()) {
      for (const std::size_t size : {0, 1, 2, 3, 70, 1000, 65'537}) {
        INFO("level " << level << ", " << character.name << " of " << size);
        const ByteVector bytes = character.make(size, random);
        CHECK(test::inflate_problem(stream_of(bytes, level), bytes) == "");
      }
    }
  }
}

TEST_CASE("deflate_stored: streams of stored blocks") {
  test::Random random(4);
  for (const std::size_t size : {1, 2, 1000, 65'534, 65'535, 65'536, 131'070, 131'071, 1'000'000}) {
    INFO("of " << size);
    const ByteVector bytes = test::characters().front().make(size, random);
    ByteVector out(deflate_stored_bound(size));
    out.resize(deflate_stored(bytes, out));
    CHECK(out.size() == deflate_stored_size(size));
    CHECK(test::inflate_problem(out, bytes) == "");
  }
}

TEST_CASE("deflate: in several threads at once") {
  test::Random random(2);
  const ByteVector bytes = test::kinds_of_numbers().front().make(20'000, random);
  const ByteVector expected = stream_of(bytes, 6);
  std::vector<ByteVector> streams(4);
  {
    std::vector<std::jthread> threads;
    threads.reserve(streams.size());
    for (ByteVector& stream : streams) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; i++) stream = stream_of(bytes, 6);
      });
    }
  }
  for (const ByteVector& stream : streams) CHECK(stream == expected);
}

TEST_CASE("deflate: higher levels make shorter streams") {
  test::Random random(3);
  const ByteVector bytes = test::kinds_of_numbers().front().make(131'072, random);
  CHECK(stream_of(bytes, 6).size() < stream_of(bytes, 1).size());
}

}  // namespace
}  // namespace spikeport::kernels
