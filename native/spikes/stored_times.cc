#include "spikes/stored_times.h"

#include <algorithm>

namespace spikeport {

void SpooledTimes::read(std::uint64_t first, std::span<double> times) const {
  file_.read_all(std::as_writable_bytes(times), first * sizeof(double));
}

void TimesInPlace::read(std::uint64_t first, std::span<double> times) const {
  place_.in.require_open();
  const auto& runs = place_.runs;
  // The last run that does not begin after the first time.
  auto run = std::ranges::upper_bound(runs, first, {}, &TimesRun::first) - 1;
  while (!times.empty()) {
    const auto next = run + 1;
    const std::uint64_t left = next == runs.end() ? times.size() : next->first - first;
    const auto part = times.first(static_cast<std::size_t>(std::min<std::uint64_t>(times.size(), left)));
    place_.in.read(run->offset + (first - run->first) * size_of(run->stored), run->stored, place_.scaling,
                   ElementType::f64, std::as_writable_bytes(part));
    first += part.size();
    times = times.subspan(part.size());
    run = next;
  }
  place_.in.require_unchanged();
}

}  // namespace spikeport
