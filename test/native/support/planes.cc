#include "support/planes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace spikeport::test {
namespace {

template <typename Next>
ByteVector generated(std::size_t size, Next next) {
  ByteVector bytes(size);
  for (std::byte& byte : bytes) byte = next();
  return bytes;
}

ByteVector random_bytes(std::size_t size, Random& random) {
  return generated(size, [&] { return random.byte(); });
}

ByteVector constant(std::size_t size, Random& random) {
  const std::byte byte = random.byte();
  return generated(size, [&] { return byte; });
}

ByteVector zeros(std::size_t size, Random& /*random*/) {
  return generated(size, [] { return std::byte{0}; });
}

/** Now and then another byte. */
ByteVector few_changes(std::size_t size, Random& random) {
  const double chance = std::pow(10.0, -4.0 * random.fraction());
  std::byte byte = random.byte();
  return generated(size, [&] {
    if (random.with_chance(chance)) byte = random.byte();
    return byte;
  });
}

/** Runs about as long as one or more matches, and what is too short for one. */
ByteVector runs(std::size_t size, Random& random) {
  constexpr std::array<std::size_t, 22> lengths{1,   2,   3,   4,   5,   10,  11,  12,  257, 258, 259,
                                                260, 261, 262, 515, 516, 517, 518, 519, 520, 774, 775};
  ByteVector bytes;
  while (bytes.size() < size) {
    // One after the other: compilers differ in which argument they make first.
    const std::size_t length = lengths[random.below(lengths.size())];
    bytes.insert(bytes.end(), length, random.byte());
  }
  bytes.resize(size);
  return bytes;
}

/** 2 to 255 symbols, one as often as the other. */
ByteVector few_symbols(std::size_t size, Random& random) {
  const std::uint64_t symbols = 2 + random.below(254);
  return generated(size, [&] { return static_cast<std::byte>(random.below(symbols)); });
}

ByteVector two_symbols(std::size_t size, Random& random) {
  const double chance = random.fraction();
  return generated(size, [&] { return static_cast<std::byte>(random.with_chance(chance) ? 0xFF : 0); });
}

ByteVector skewed(std::size_t size, Random& random) {
  const unsigned most = 1 + static_cast<unsigned>(random.below(64));
  return generated(size, [&] { return static_cast<std::byte>(std::min(most, random.geometric())); });
}

/** As often as the numbers of Fibonacci, which make the deepest trees. */
ByteVector fibonacci(std::size_t size, Random& random) {
  ByteVector bytes;
  std::size_t count = 1;
  std::size_t next = 1;
  for (unsigned symbol = 0; bytes.size() < size; symbol++) {
    bytes.insert(bytes.end(), count, static_cast<std::byte>(symbol));
    count = std::exchange(next, count + next);
  }
  bytes.resize(size);
  for (std::size_t i = size; i > 1; i--) std::swap(bytes[i - 1], bytes[random.below(i)]);
  return bytes;
}

ByteVector alternating(std::size_t size, Random& random) {
  const std::array pair{random.byte(), random.byte()};
  std::size_t i = 0;
  return generated(size, [&] { return pair[i++ % 2]; });
}

ByteVector periodic(std::size_t size, Random& random) {
  const ByteVector period = random_bytes(1 + random.below(600), random);
  std::size_t i = 0;
  return generated(size, [&] { return period[i++ % period.size()]; });
}

/** A byte that goes up and comes round again. */
ByteVector ramp(std::size_t size, Random& random) {
  const double slope = 4 * random.fraction();
  double height = 0;
  return generated(size, [&] { return static_cast<std::byte>(static_cast<std::uint64_t>(height += slope)); });
}

/** One character after the other. */
ByteVector changing(std::size_t size, Random& random) {
  const auto& all = characters();
  ByteVector bytes;
  while (bytes.size() < size) {
    const std::size_t part = std::min(size - bytes.size(), 1 + random.below(size));
    const ByteVector more = all[random.below(all.size() - 1)].make(part, random);
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  return bytes;
}

/** All first bytes of the numbers, then all second bytes, and so on. */
template <typename Number, typename Next>
ByteVector shuffled(std::size_t count, Next next) {
  ByteVector bytes(count * sizeof(Number));
  for (std::size_t i = 0; i < count; i++) {
    const Number number = next(i);
    const auto parts = std::bit_cast<std::array<std::byte, sizeof(Number)>>(number);
    for (std::size_t plane = 0; plane < parts.size(); plane++) bytes[plane * count + i] = parts[plane];
  }
  return bytes;
}

/** The times of a unit in ms, on average `interval` apart. */
auto spike_times(double interval, Random& random) {
  return [interval, time = 0.0, &random](std::size_t /*i*/) mutable {
    return time -= interval * std::log(1 - random.fraction());
  };
}

ByteVector spike_seconds(std::size_t count, Random& random) {
  auto time = spike_times(20 + 500 * random.fraction(), random);
  return shuffled<double>(count, [&](std::size_t i) { return time(i) / 1000; });
}

ByteVector spike_samples(std::size_t count, Random& random) {
  auto time = spike_times(20 + 500 * random.fraction(), random);
  return shuffled<std::int64_t>(count, [&](std::size_t i) { return std::llrint(time(i) * 30); });
}

/** The sum of a few random numbers is about a normal one. */
ByteVector noise(std::size_t count, Random& random) {
  const double width = 100 * random.fraction();
  return shuffled<std::int16_t>(count, [&](std::size_t /*i*/) {
    const double sum = random.fraction() + random.fraction() + random.fraction() + random.fraction() - 2;
    return static_cast<std::int16_t>(std::lrint(width * sum));
  });
}

ByteVector regular_times(std::size_t count, Random& random) {
  constexpr std::array rates{20.0, 30.0, 24.4140625, 25.0001};
  const double rate = rates[random.below(rates.size())];
  return shuffled<double>(count, [&](std::size_t i) { return static_cast<double>(i) / rate; });
}

ByteVector counts(std::size_t count, Random& random) {
  std::int64_t sum = 0;
  return shuffled<std::int64_t>(count,
                                [&](std::size_t /*i*/) { return sum += static_cast<std::int64_t>(random.below(600)); });
}

}  // namespace

const std::vector<Character>& characters() {
  static const std::vector<Character> all{
      {"random", random_bytes},     {"constant", constant}, {"zeros", zeros},
      {"few changes", few_changes}, {"runs", runs},         {"few symbols", few_symbols},
      {"two symbols", two_symbols}, {"skewed", skewed},     {"Fibonacci", fibonacci},
      {"alternating", alternating}, {"periodic", periodic}, {"ramp", ramp},
      {"changing", changing},
  };
  return all;
}

ByteVector with_code_lengths(const std::vector<unsigned>& lengths, Random& random) {
  const unsigned longest = std::ranges::max(lengths);
  ByteVector bytes;
  for (std::size_t symbol = 0; symbol < lengths.size(); symbol++) {
    bytes.insert(bytes.end(), std::size_t{1} << (longest - lengths[symbol]), static_cast<std::byte>(symbol));
  }
  for (std::size_t i = bytes.size(); i > 1; i--) std::swap(bytes[i - 1], bytes[random.below(i)]);
  return bytes;
}

const std::vector<Numbers>& kinds_of_numbers() {
  static const std::vector<Numbers> all{
      {"spike times in s", spike_seconds},
      {"spike times in samples", spike_samples},
      {"noise", noise},
      {"regular times", regular_times},
      {"cumulative counts", counts},
  };
  return all;
}

}  // namespace spikeport::test
