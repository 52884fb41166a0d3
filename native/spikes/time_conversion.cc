#include "spikes/time_conversion.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "engine/errors.h"
#include "kernels/convert.h"

namespace spikeport {

void TimeConversion::convert(std::span<const double> times, std::byte* out) const {
  switch (to) {
    case Unit::ms:
      if (!times.empty()) std::memcpy(out, times.data(), times.size_bytes());
      return;
    case Unit::s:
      kernels::to_seconds(times, reinterpret_cast<double*>(out));
      return;
    case Unit::samples:
      const auto unfit = kernels::to_samples(times, fs_hz / 1000.0, reinterpret_cast<std::int64_t*>(out));
      if (unfit) throw_unfit(*unfit, fs_hz);
      return;
  }
}

void TimeConversion::convert(std::span<const float> times, std::byte* out) const {
  switch (to) {
    case Unit::ms:
      std::ranges::copy(std::as_bytes(times), out);
      return;
    case Unit::s:
      std::ranges::transform(times, reinterpret_cast<float*>(out), [](float time) { return time / 1000.0F; });
      return;
    case Unit::samples:
      const auto per_ms = static_cast<float>(fs_hz / 1000.0);
      std::ranges::transform(times, reinterpret_cast<std::int64_t*>(out), [this, per_ms](float time) {
        const auto sample = kernels::to_sample(static_cast<double>(time * per_ms), 1.0);
        if (!sample) throw_unfit(static_cast<double>(time), fs_hz);
        return *sample;
      });
      return;
  }
}

void throw_unfit(double time, double fs_hz) {
  throw ValueError("Expected times whose samples fit a 64-bit integer, at fsHz " + readable(fs_hz) +
                   ", for sd but received " + readable(time) + " ms.");
}

}  // namespace spikeport
