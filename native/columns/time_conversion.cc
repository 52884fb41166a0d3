#include "columns/time_conversion.h"

#include <cstring>
#include <string>

#include "errors.h"
#include "kernels/convert.h"

namespace spikeport {

void TimeConversion::convert(std::span<const double> times, std::byte* out) const {
  switch (unit) {
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

void throw_unfit(double time, double fs_hz) {
  throw ValueError("Expected times in ms whose samples fit a 64-bit integer for fsHz " + std::to_string(fs_hz) +
                   " but received " + std::to_string(time) + ".");
}

}  // namespace spikeport
