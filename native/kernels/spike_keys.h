// Sorts the spikes of many units by sample.
#pragma once

#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** A spike of a block: in the high half its sample, counted from the block's first, in the low half its unit. */
using SpikeKey = std::uint64_t;

constexpr SpikeKey spike_key(std::uint32_t sample, std::uint32_t unit) { return SpikeKey{sample} << 32U | unit; }
constexpr std::uint32_t sample_of(SpikeKey key) { return static_cast<std::uint32_t>(key >> 32U); }
constexpr std::uint32_t unit_of(SpikeKey key) { return static_cast<std::uint32_t>(key); }

/**
 * Sorts by sample; spikes with the same one keep their order.
 * @param scratch as many keys
 * @param width more than any sample
 * @return where the sorted keys are: in `keys` or in `scratch`
 */
[[nodiscard]] std::span<const SpikeKey> sort_by_sample(std::span<SpikeKey> keys, std::span<SpikeKey> scratch,
                                                       std::uint32_t width);

}  // namespace spikeport::kernels
