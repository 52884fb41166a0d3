#pragma once

#include <optional>

#include "sources/source.h"

namespace spikeport {

/**
 * Raw samples as spike sorters have them: int16, samples × channels, made from channels × samples of any type. The
 * caller keeps the samples alive.
 *
 * Numbers are multiplied by a scale and rounded to whole ones, half to even. Without a scale they are whole already.
 * Those that do not fit int16 fail the export.
 */
class TimeMajorInt16 : public Source {
 public:
  /** @param skipped how many samples of each channel are left out at the beginning */
  TimeMajorInt16(ElementType type, std::uint64_t channels, std::uint64_t samples, std::uint64_t skipped,
                 std::optional<double> scale, const std::byte* data);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  /** Fills a block with the samples of some channels, one sample after the other. */
  void fill(std::uint64_t sample, std::uint64_t channel, std::uint64_t sample_count, std::uint64_t channel_count,
            std::byte* out) const;
  /** Converts consecutive samples of one channel. */
  void convert(std::uint64_t channel, std::uint64_t sample, std::span<std::int16_t> out) const;

  ElementType type_;
  std::uint64_t channels_;
  std::uint64_t samples_;
  std::uint64_t skipped_;
  std::optional<double> scale_;
  const std::byte* data_;
};

}  // namespace spikeport
