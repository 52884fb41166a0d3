#pragma once

// Synthetic byte planes and numbers for tests of compression.

#include <cstddef>
#include <string>
#include <vector>

#include "support/random.h"

namespace spikeport::test {

using ByteVector = std::vector<std::byte>;

/** A way to make bytes. */
struct Character {
  std::string name;
  ByteVector (*make)(std::size_t size, Random& random);
};

/** What the planes of numbers are like, and what encoders stumble over. */
const std::vector<Character>& characters();

/** Bytes whose best codes have exactly these lengths, in no order; Kraft's sum of the lengths is 1. */
ByteVector with_code_lengths(const std::vector<unsigned>& lengths, Random& random);

/** The bytes of shuffled numbers of some kind. */
struct Numbers {
  std::string name;
  ByteVector (*make)(std::size_t count, Random& random);
};

const std::vector<Numbers>& kinds_of_numbers();

}  // namespace spikeport::test
