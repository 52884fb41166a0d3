#pragma once

#include <cstdint>

namespace spikeport::hdf5::direct {

/** The whole numbers below a count, in the order of their decimal text: 0, 1, 10, 11, …, 2, 20, … */
class DecimalOrder {
 public:
  explicit DecimalOrder(std::uint64_t count) : count_(count) {}

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /** The number at this place of the order, below the count. */
  [[nodiscard]] std::uint64_t at(std::uint64_t place) const;
  /** The number behind this one, which is not the last. */
  [[nodiscard]] std::uint64_t next(std::uint64_t number) const;

 private:
  /** How many of the numbers begin with the digits of this one, which is above 0. */
  [[nodiscard]] std::uint64_t count_beginning_with(std::uint64_t number) const;

  std::uint64_t count_;
};

}  // namespace spikeport::hdf5::direct
