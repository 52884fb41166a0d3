#include "columns/array_columns.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace spikeport {
namespace {

/** Writes ones among the zeros of `numbers`, from `next` on. */
template <typename T>
void write_ones(std::span<T> numbers, std::uint64_t next, std::uint64_t step) {
  for (; next < numbers.size(); next += step) numbers[static_cast<std::size_t>(next)] = 1;
}

}  // namespace

Array::Array(ElementType type, std::vector<std::uint64_t> shape, const std::byte* data)
    : Column(type, std::move(shape)), data_(data) {}

void Array::fill(std::uint64_t first, std::span<std::byte> block) const {
  if (!block.empty()) std::memcpy(block.data(), data_ + first * size_of(type()), block.size());
}

std::span<const std::byte> Array::in_place(std::uint64_t first) const {
  return {data_ + first * size_of(type()), (size() - first) * size_of(type())};
}

Repeated::Repeated(ElementType type, std::uint64_t count, std::uint64_t numbers, const std::byte* data)
    : Column(type, {count, numbers}), bytes_(data, static_cast<std::size_t>(numbers) * size_of(type)) {}

void Repeated::fill(std::uint64_t first, std::span<std::byte> block) const {
  auto at = static_cast<std::size_t>(first * size_of(type()) % bytes_.size());
  while (!block.empty()) {
    const auto part = bytes_.subspan(at, std::min(bytes_.size() - at, block.size()));
    std::ranges::copy(part, block.begin());
    block = block.subspan(part.size());
    at = 0;
  }
}

Times::Times(std::span<const double> times, TimeConversion conversion)
    : Column(conversion.type(), {times.size()}), times_(times), conversion_(conversion) {}

void Times::fill(std::uint64_t first, std::span<std::byte> block) const {
  conversion_.convert(times_.subspan(first, block.size() / sizeof(double)), block.data());
}

Range::Range(std::int64_t first, std::uint64_t count, ElementType type) : Column(type, {count}), first_(first) {}

void Range::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::int64_t number = first_ + static_cast<std::int64_t>(first);
  fill_whole(type(), block, [&number] { return number++; });
}

Ones::Ones(ElementType type, std::vector<std::uint64_t> shape, std::uint64_t first, std::uint64_t step)
    : Column(type, std::move(shape)), first_(first), step_(step) {}

void Ones::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::ranges::fill(block, std::byte{0});
  const std::uint64_t past = first > first_ ? (first - first_) % step_ : 0;
  const std::uint64_t next = first > first_ ? (step_ - past) % step_ : first_ - first;
  if (type() == ElementType::f32) {
    write_ones(as_numbers<float>(block), next, step_);
  } else {
    write_ones(as_numbers<double>(block), next, step_);
  }
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
