// Checks of spike times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace spikeport::kernels {

/** Whether every time is at least the one before it. NaN is never in order. */
[[nodiscard]] bool in_order(std::span<const double> times);

/** The first time that is NaN or infinite. */
[[nodiscard]] std::optional<double> first_not_finite(std::span<const double> times);

}  // namespace spikeport::kernels
