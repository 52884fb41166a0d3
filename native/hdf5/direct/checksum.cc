#include "hdf5/direct/checksum.h"

#include <algorithm>
#include <array>
#include <bit>

namespace spikeport::hdf5::direct {
namespace {

using Words = std::array<std::uint32_t, 3>;
constexpr std::size_t group_size = sizeof(Words);

/** Adds up to twelve bytes, as little-endian words. */
void add(Words& hash, std::span<const std::byte> group) {
  for (std::size_t i = 0; i < group.size(); i++) {
    hash[i / 4] += static_cast<std::uint32_t>(group[i]) << 8 * (i % 4);
  }
}

/** Each step takes one word from another, twists it, and adds the third. */
void mix(Words& hash) {
  std::size_t word = 0;
  for (const int bits : {4, 6, 8, 16, 19, 4}) {
    std::uint32_t& target = hash[word];
    std::uint32_t& last = hash[(word + 2) % 3];
    target -= last;
    target ^= std::rotl(last, bits);
    last += hash[(word + 1) % 3];
    word = (word + 1) % 3;
  }
}

void finish(Words& hash) {
  std::size_t word = 2;
  for (const int bits : {14, 11, 25, 16, 4, 14, 24}) {
    std::uint32_t& target = hash[word];
    const std::uint32_t last = hash[(word + 2) % 3];
    target ^= last;
    target -= std::rotl(last, bits);
    word = (word + 1) % 3;
  }
}

}  // namespace

std::uint32_t checksum_of(std::span<const std::byte> bytes) {
  Words hash;
  hash.fill(0xDEADBEEF + static_cast<std::uint32_t>(bytes.size()));
  for (; bytes.size() > group_size; bytes = bytes.subspan(group_size)) {
    add(hash, bytes.first(group_size));
    mix(hash);
  }
  add(hash, bytes);
  finish(hash);
  return hash[2];
}

}  // namespace spikeport::hdf5::direct
