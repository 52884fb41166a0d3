#include "kernels/order.h"

#include <algorithm>
#include <cmath>

namespace spikeport::kernels {
namespace {

/** Long enough for vector code between two looks at the result. */
constexpr std::size_t times_a_block = 4096;

}  // namespace

bool in_order(std::span<const double> times) {
  if (times.size() == 1) return !std::isnan(times[0]);
  for (std::size_t i = 1; i < times.size(); i += times_a_block) {
    const std::size_t end = std::min(times.size(), i + times_a_block);
    std::int64_t falls = 0;
    for (std::size_t k = i; k < end; k++) falls |= static_cast<std::int64_t>(!(times[k - 1] <= times[k]));
    if (falls != 0) return false;
  }
  return true;
}

std::optional<double> first_not_finite(std::span<const double> times) {
  const auto found = std::ranges::find_if(times, [](double time) { return !std::isfinite(time); });
  if (found == times.end()) return std::nullopt;
  return *found;
}

}  // namespace spikeport::kernels
