#pragma once

// Reproducible random numbers.

#include <bit>
#include <cstdint>
#include <random>

namespace spikeport::test {

/** Random numbers that are the same in every run, wherever that is. */
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  /** A whole number below `end`. */
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  /** In [0, 1). */
  double fraction() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
  bool with_chance(double chance) { return fraction() < chance; }
  std::byte byte() { return static_cast<std::byte>(engine_()); }
  /** As often 0 as not, as often 1 as it is not more, and so on. */
  unsigned geometric() { return static_cast<unsigned>(std::countr_one(engine_())); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace spikeport::test
