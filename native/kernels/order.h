// Checks of spike times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace spikeport::kernels {

/** Whether every time is at least the one before it. NaN is never in order. */
[[nodiscard]] bool in_order(std::span<const double> times);

/** Appends every place whose time is not at least the one before it, up to `most` of them and one. */
void find_falls(std::span<const double> times, std::size_t most, std::vector<std::size_t>& falls);

/** The first time that is NaN or infinite. */
[[nodiscard]] std::optional<double> first_not_finite(std::span<const double> times);

}  // namespace spikeport::kernels
