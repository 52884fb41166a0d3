#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace spikeport::kernels {

/** Seconds: `in[i] / 1000`, a true division. */
void to_seconds(std::span<const double> in, double* out);

/**
 * Samples: `rint(in[i] * per_ms)`, half to even.
 * @return a time whose sample does not fit int64 (also NaN), if there is one; `out` is then not to be used
 */
[[nodiscard]] std::optional<double> to_samples(std::span<const double> in, double per_ms, std::int64_t* out);

}  // namespace spikeport::kernels
