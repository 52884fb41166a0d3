#include "kernels/deflate/deflate_block.h"

#include <doctest/doctest.h>

#include "support/planes.h"

namespace spikeport::kernels {
namespace {

TEST_CASE("TokenBlock: has the size that it reports, in literals and in runs") {
  test::Random random(1);
  for (const test::Character& character : test::characters()) {
    for (const bool in_runs : {false, true}) {
      for (const std::size_t size : {1, 2, 3, 100, 259, 260, 5000, 50'000}) {
        INFO(character.name << " of " << size << std::string(in_runs ? ", in runs" : ""));
        const test::ByteVector bytes = character.make(size, random);
        TokenCounts counts;
        in_runs ? counts.runs(bytes) : counts.literals(bytes);
        const TokenBlock block(counts);
        test::ByteVector out(block.bits() / 8 + 1 + BitWriter::slack);
        BitWriter bits(out.data());
        block.write_header(bits, true);
        TokenWriter tokens(block, bits);
        in_runs ? tokens.runs(bytes) : tokens.literals(bytes);
        bits = tokens.end();
        bits.align();
        CHECK(static_cast<std::size_t>(bits.end() - out.data()) == (block.bits() + 7) / 8);
      }
    }
  }
}

TEST_CASE("TokenCounts: estimates what a block takes") {
  test::Random random(2);
  for (const test::Character& character : test::characters()) {
    INFO(character.name);
    TokenCounts counts;
    counts.literals(character.make(50'000, random));
    const auto bits = static_cast<double>(TokenBlock(counts).bits());
    const auto estimate = static_cast<double>(counts.estimated_bits());
    CHECK(estimate > 0.95 * bits - 300);
    CHECK(estimate < 1.05 * bits + 300);
  }
}

}  // namespace
}  // namespace spikeport::kernels
