#include "kernels/order.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "kernels/simd.h"

namespace spikeport::kernels {
namespace {

/** Long enough for vector code between two looks at the result. */
constexpr std::size_t times_a_block = 4096;

/** Whether any of the times from `begin` on is not at least the one before it. */
bool any_fall(std::span<const double> times, std::size_t begin, std::size_t end) {
  std::size_t k = begin;
#ifdef SPIKEPORT_VECTORS
  constexpr std::size_t step = vector_size / sizeof(double);
  if (end - begin >= step) {
    const auto falls_at = [&times](std::size_t place) {
      const auto* time = reinterpret_cast<const std::byte*>(times.data() + place);
      return not_at_most(load(time - sizeof(double)), load(time));
    };
    Vector falls = falls_at(k);
    for (k += step; k + step <= end; k += step) falls = bits_of_either(falls, falls_at(k));
    if (has_any(falls)) return true;
  }
#endif
  std::int64_t falls = 0;
  for (; k < end; k++) falls |= static_cast<std::int64_t>(!(times[k - 1] <= times[k]));
  return falls != 0;
}

}  // namespace

bool in_order(std::span<const double> times) {
  if (times.size() == 1) return !std::isnan(times[0]);
  for (std::size_t i = 1; i < times.size(); i += times_a_block) {
    if (any_fall(times, i, std::min(times.size(), i + times_a_block))) return false;
  }
  return true;
}

void find_falls(std::span<const double> times, std::size_t most, std::vector<std::size_t>& falls) {
  for (std::size_t i = 1; i < times.size(); i += times_a_block) {
    const std::size_t end = std::min(times.size(), i + times_a_block);
    if (!any_fall(times, i, end)) continue;
    for (std::size_t k = i; k < end; k++) {
      if (times[k - 1] <= times[k]) continue;
      falls.push_back(k);
      if (falls.size() > most) return;
    }
  }
}

std::optional<double> first_not_finite(std::span<const double> times) {
  const auto found = std::ranges::find_if(times, [](double time) { return !std::isfinite(time); });
  if (found == times.end()) return std::nullopt;
  return *found;
}

}  // namespace spikeport::kernels
