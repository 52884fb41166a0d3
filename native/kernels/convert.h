#pragma once

#include <cstdint>
#include <span>

namespace spikeport::kernels {

/** Seconds: `in[i] / 1000`, a true division. */
void to_seconds(std::span<const double> in, double* out);

/**
 * Samples: `rint(in[i] * per_ms)`, half to even.
 * @return false when a value does not fit int64 (also NaN); `out` is then not to be used
 */
[[nodiscard]] bool to_samples(std::span<const double> in, double per_ms, std::int64_t* out);

}  // namespace spikeport::kernels
