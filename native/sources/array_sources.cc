#include "sources/array_sources.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace spikeport {
namespace {

/** Sets every `step`-th of `numbers` to one, from number `next` on. */
template <typename T>
void write_ones(std::span<T> numbers, std::uint64_t next, std::uint64_t step) {
  for (; next < numbers.size(); next += step) numbers[static_cast<std::size_t>(next)] = 1;
}

template <typename T>
std::span<const T> numbers_in(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

/** Converts numbers of any type to double. */
void widen(ElementType type, std::span<const std::byte> bytes, std::span<double> out) {
  with_type(type, [&]<typename T>(T /*zero*/) {
    std::ranges::transform(numbers_in<T>(bytes), out.begin(), [](T number) { return static_cast<double>(number); });
  });
}

/** Converts `count` times in parts: `make(done, part)` fills a part with the times from number `done` on. */
template <typename Make>
void convert_parts(std::size_t count, const TimeConversion& conversion, std::byte* out, Make make) {
  std::array<double, 1024> times{};
  for (std::size_t done = 0; done < count;) {
    const auto part = std::span(times).first(std::min(times.size(), count - done));
    make(done, part);
    conversion.convert(std::span<const double>(part), out + done * sizeof(double));
    done += part.size();
  }
}

}  // namespace

Array::Array(ElementType type, std::vector<std::uint64_t> shape, const std::byte* data)
    : Source(type, std::move(shape)), data_(data) {}

void Array::fill(std::uint64_t first, std::span<std::byte> block) const {
  if (!block.empty()) std::memcpy(block.data(), data_ + first * size_of(type()), block.size());
}

std::span<const std::byte> Array::in_place(std::uint64_t first) const {
  return {data_ + first * size_of(type()), (size() - first) * size_of(type())};
}

Repeated::Repeated(ElementType type, std::uint64_t count, std::uint64_t numbers, std::uint64_t row_length,
                   const std::byte* data)
    : Source(type, {row_length == 0 ? count : count * (numbers / row_length), row_length}),
      bytes_(data, static_cast<std::size_t>(numbers) * size_of(type)) {}

void Repeated::fill(std::uint64_t first, std::span<std::byte> block) const {
  if (block.empty()) return;
  auto at = static_cast<std::size_t>(first * size_of(type()) % bytes_.size());
  while (!block.empty()) {
    const auto part = bytes_.subspan(at, std::min(bytes_.size() - at, block.size()));
    std::ranges::copy(part, block.begin());
    block = block.subspan(part.size());
    at = 0;
  }
}

Times::Times(ElementType stored, std::span<const std::byte> times, TimeConversion conversion, bool keeps_float32)
    : Source(keeps_float32 && stored == ElementType::f32 ? conversion.float32_type() : conversion.type(),
             {times.size() / size_of(stored)}),
      stored_(stored),
      times_(times),
      conversion_(conversion),
      keeps_float32_(keeps_float32 && stored == ElementType::f32) {}

void Times::fill(std::uint64_t first, std::span<std::byte> block) const {
  const std::size_t item = size_of(stored_);
  const std::size_t count = block.size() / size_of(type());
  const auto times = times_.subspan(static_cast<std::size_t>(first) * item, count * item);
  if (keeps_float32_) return conversion_.convert(numbers_in<float>(times), block.data());
  if (stored_ == ElementType::f64) return conversion_.convert(numbers_in<double>(times), block.data());
  convert_parts(count, conversion_, block.data(), [&](std::size_t done, std::span<double> part) {
    widen(stored_, times.subspan(done * item, part.size() * item), part);
  });
}

Widened::Widened(ElementType stored, std::vector<std::uint64_t> shape, std::span<const std::byte> numbers)
    : Source(ElementType::f64, std::move(shape)), stored_(stored), numbers_(numbers) {}

void Widened::fill(std::uint64_t first, std::span<std::byte> block) const {
  const auto out = as_numbers<double>(block);
  widen(stored_, numbers_.subspan(static_cast<std::size_t>(first) * size_of(stored_), out.size() * size_of(stored_)),
        out);
}

Range::Range(std::uint64_t first, std::uint64_t count, std::uint64_t step, ElementType type)
    : Source(type, {count}), first_(first), step_(step) {}

void Range::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::uint64_t next = first_ + first * step_;
  fill_whole(type(), block, [this, &next] { return std::exchange(next, next + step_); });
}

Ones::Ones(ElementType type, std::vector<std::uint64_t> shape, std::uint64_t first, std::uint64_t step)
    : Source(type, std::move(shape)), first_(first), step_(step) {}

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

ColumnsEach::ColumnsEach(std::span<const float> data, std::uint64_t rows, std::uint64_t columns,
                         std::span<const std::int32_t> places, std::uint64_t width)
    : Source(ElementType::f32, {places.size() / width, rows, columns}),
      data_(data),
      places_(places),
      rows_(rows),
      columns_(columns),
      width_(width) {}

void ColumnsEach::fill(std::uint64_t first, std::span<std::byte> block) const {
  const std::span<float> elements = as_numbers<float>(block);
  std::ranges::fill(elements, 0.0F);
  if (elements.empty()) return;
  const std::uint64_t end = first + elements.size();
  // The rows in the block, numbered through all matrices.
  for (std::uint64_t row = first / columns_; row * columns_ < end; row++) {
    const auto places =
        places_.subspan(static_cast<std::size_t>(row / rows_ * width_), static_cast<std::size_t>(width_));
    const auto numbers = data_.subspan(static_cast<std::size_t>(row * width_ % data_.size()));
    for (std::size_t i = 0; i < places.size(); i++) {
      if (places[i] < 0) continue;
      const std::uint64_t element = row * columns_ + static_cast<std::uint64_t>(places[i]);
      if (element >= first && element < end) elements[static_cast<std::size_t>(element - first)] = numbers[i];
    }
  }
}

SampleTimes::SampleTimes(std::uint64_t count, double rate_khz, TimeConversion conversion)
    : Source(conversion.type(), {count}), rate_khz_(rate_khz), conversion_(conversion) {}

void SampleTimes::fill(std::uint64_t first, std::span<std::byte> block) const {
  convert_parts(block.size() / sizeof(double), conversion_, block.data(),
                [&](std::size_t done, std::span<double> part) {
                  for (std::size_t i = 0; i < part.size(); i++)
                    part[i] = static_cast<double>(first + done + i) / rate_khz_;
                });
}

}  // namespace spikeport
