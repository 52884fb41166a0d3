#include "sources/time_major_int16.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/transpose.h"
#include "sources/int16.h"

namespace spikeport {
namespace {

/** The samples that are converted before they are transposed: a block's worth stays in the processor's cache. */
constexpr std::uint64_t converted_at_a_time = std::uint64_t{1} << 16U;

}  // namespace

TimeMajorInt16::TimeMajorInt16(ElementType type, std::uint64_t channels, std::uint64_t samples, std::uint64_t skipped,
                               std::optional<double> scale, const std::byte* data)
    : Source(ElementType::i16, {samples - skipped, channels}),
      type_(type),
      channels_(channels),
      samples_(samples),
      skipped_(skipped),
      scale_(scale),
      data_(data) {}

void TimeMajorInt16::fill(std::uint64_t first, std::span<std::byte> block) const {
  // First the rest of a sample's channels, then all whole samples, then the beginning of another.
  while (!block.empty()) {
    const std::uint64_t sample = first / channels_;
    const std::uint64_t channel = first % channels_;
    const std::uint64_t left = block.size() / sizeof(std::int16_t);
    const std::uint64_t whole = channel == 0 ? left / channels_ : 0;
    const std::uint64_t most_samples = std::max<std::uint64_t>(converted_at_a_time / channels_, 1);
    const std::uint64_t sample_count = std::clamp<std::uint64_t>(whole, 1, most_samples);
    const std::uint64_t channel_count = whole > 0 ? channels_ : std::min(left, channels_ - channel);
    fill(skipped_ + sample, channel, sample_count, channel_count, block.data());
    const std::uint64_t filled = sample_count * channel_count;
    first += filled;
    block = block.subspan(static_cast<std::size_t>(filled) * sizeof(std::int16_t));
  }
}

void TimeMajorInt16::fill(std::uint64_t sample, std::uint64_t channel, std::uint64_t sample_count,
                          std::uint64_t channel_count, std::byte* out) const {
  const kernels::Rectangle rectangle{.rows = channel_count, .columns = sample_count};
  if (type_ == ElementType::i16 && !scale_) {
    const std::uint64_t offset = channel * samples_ + sample;
    return kernels::transpose(data_ + offset * sizeof(std::int16_t), samples_, rectangle, sizeof(std::int16_t), out);
  }
  thread_local std::vector<std::int16_t> converted;
  converted.resize(static_cast<std::size_t>(sample_count * channel_count));
  for (std::uint64_t i = 0; i < channel_count; i++) {
    convert(channel + i, sample,
            std::span(converted).subspan(static_cast<std::size_t>(i * sample_count),
                                         static_cast<std::size_t>(sample_count)));
  }
  kernels::transpose(std::as_bytes(std::span(converted)).data(), sample_count, rectangle, sizeof(std::int16_t), out);
}

void TimeMajorInt16::convert(std::uint64_t channel, std::uint64_t sample, std::span<std::int16_t> out) const {
  const std::byte* const from = data_ + (channel * samples_ + sample) * size_of(type_);
  with_type(type_, [&]<typename T>(T /*zero*/) {
    const T* const numbers = reinterpret_cast<const T*>(from);
    const std::size_t fit = to_int16(numbers, scale_, out);
    if (fit == out.size()) return;
    refuse_int16(static_cast<double>(numbers[fit]), sample + fit, channel, scale_.has_value());
  });
}

}  // namespace spikeport
