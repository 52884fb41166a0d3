#include "hdf5/direct/decimal_order.h"

#include <algorithm>

namespace spikeport::hdf5::direct {

std::uint64_t DecimalOrder::at(std::uint64_t place) const {
  if (place == 0) return 0;
  std::uint64_t number = 1;
  // How many of those from `number` on are still to be passed.
  std::uint64_t ahead = place - 1;
  while (ahead > 0) {
    const std::uint64_t passed = count_beginning_with(number);
    if (passed <= ahead) {
      ahead -= passed;
      number++;
    } else {
      ahead--;
      number *= 10;
    }
  }
  return number;
}

std::uint64_t DecimalOrder::next(std::uint64_t number) const {
  if (number == 0) return 1;
  if (number * 10 < count_) return number * 10;
  while (number % 10 == 9 || number + 1 == count_) number /= 10;
  return number + 1;
}

std::uint64_t DecimalOrder::count_beginning_with(std::uint64_t number) const {
  std::uint64_t numbers = 0;
  for (std::uint64_t tens = 1; number * tens < count_; tens *= 10) numbers += std::min(tens, count_ - number * tens);
  return numbers;
}

}  // namespace spikeport::hdf5::direct
