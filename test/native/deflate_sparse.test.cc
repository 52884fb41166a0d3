#include "kernels/deflate/deflate_sparse.h"

#include <doctest/doctest.h>

#include "support/inflate.h"
#include "support/planes.h"

namespace spikeport::kernels {
namespace {

using test::ByteVector;
using test::Random;

void check_sparse(const std::vector<SparseByte>& sparse, std::size_t size) {
  ByteVector bytes(size);
  for (const auto& [position, value] : sparse) bytes[position] = value;
  ByteVector out{std::byte{1}, std::byte{2}};
  deflate_sparse(sparse, size, out);
  // It is appended.
  REQUIRE(out.size() > 2);
  CHECK(out[0] == std::byte{1});
  CHECK(out[1] == std::byte{2});
  CHECK(test::inflate_problem(std::span(out).subspan(2), bytes) == "");
}

std::byte not_zero(Random& random) { return static_cast<std::byte>(1 + random.below(255)); }

TEST_CASE("deflate_sparse: nothing but zeros") {
  for (std::size_t size = 1; size <= 1100; size++) {
    INFO(size);
    check_sparse({}, size);
  }
  for (const std::size_t size : {65'535, 65'536, 1'048'576, 33'554'432}) check_sparse({}, size);
}

TEST_CASE("deflate_sparse: runs of zeros of every length up to two matches, before, between and after") {
  Random random(1);
  for (std::size_t zeros = 0; zeros <= 530; zeros++) {
    INFO(zeros);
    check_sparse({{zeros, not_zero(random)}, {2 * zeros + 1, not_zero(random)}}, 3 * zeros + 2);
  }
}

TEST_CASE("deflate_sparse: bytes anywhere") {
  Random random(2);
  for (int i = 0; i < 3000; i++) {
    INFO("case " << i);
    const std::size_t size = 1 + random.below(i % 50 == 0 ? 1'000'000 : 3000);
    const double chance = random.fraction() * random.fraction() * random.fraction();
    const std::uint64_t values = 1 + random.below(255);
    std::vector<SparseByte> sparse;
    for (std::size_t at = 0; at < size; at++) {
      if (random.with_chance(chance)) sparse.push_back({at, static_cast<std::byte>(1 + random.below(values))});
    }
    check_sparse(sparse, size);
  }
}

TEST_CASE("deflate_sparse: no zero at all, and codes as long as they may be") {
  Random random(3);
  for (const std::size_t size : {1, 2, 255, 5000, 200'000}) {
    INFO(size);
    std::vector<SparseByte> sparse;
    for (std::size_t at = 0; at < size; at++) sparse.push_back({at, static_cast<std::byte>(1 + random.geometric())});
    check_sparse(sparse, size);
  }
}

}  // namespace
}  // namespace spikeport::kernels
