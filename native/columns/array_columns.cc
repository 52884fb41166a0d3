#include "columns/array_columns.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

namespace spikeport {

Array::Array(ElementType type, std::vector<std::uint64_t> shape, const std::byte* data)
    : Column(type, std::move(shape)), data_(data) {}

void Array::fill(std::uint64_t first, std::span<std::byte> block) const {
  if (!block.empty()) std::memcpy(block.data(), data_ + first * size_of(type()), block.size());
}

std::span<const std::byte> Array::in_place(std::uint64_t first) const {
  return {data_ + first * size_of(type()), (size() - first) * size_of(type())};
}

Times::Times(std::span<const double> times, TimeConversion conversion)
    : Column(conversion.type(), {times.size()}), times_(times), conversion_(conversion) {}

void Times::fill(std::uint64_t first, std::span<std::byte> block) const {
  conversion_.convert(times_.subspan(first, block.size() / sizeof(double)), block.data());
}

Range::Range(std::int64_t first, std::uint64_t count, ElementType type) : Column(type, {count}), first_(first) {}

void Range::fill(std::uint64_t first, std::span<std::byte> block) const {
  const auto numbers = as_numbers<std::int64_t>(block);
  std::iota(numbers.begin(), numbers.end(), first_ + static_cast<std::int64_t>(first));
}

SampleTimes::SampleTimes(std::uint64_t count, double rate_khz, TimeConversion conversion)
    : Column(conversion.type(), {count}), rate_khz_(rate_khz), conversion_(conversion) {}

void SampleTimes::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::array<double, 1024> times{};
  const std::size_t count = block.size() / sizeof(double);
  for (std::size_t done = 0; done < count;) {
    const std::size_t part = std::min(times.size(), count - done);
    for (std::size_t i = 0; i < part; i++) times[i] = static_cast<double>(first + done + i) / rate_khz_;
    conversion_.convert(std::span(times).first(part), block.data() + done * sizeof(double));
    done += part;
  }
}

}  // namespace spikeport
