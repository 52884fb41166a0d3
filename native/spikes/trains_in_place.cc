#include "spikes/trains_in_place.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/export_job.h"

namespace spikeport {
namespace {

/** How many spikes all units have; more than any file where the ends are none. */
std::uint64_t spikes_of(std::span<const std::int64_t> ends) {
  return ends.empty() ? 0 : static_cast<std::uint64_t>(ends.back());
}

}  // namespace

void TrainsInPlace::begin() {
  if (!found_) return;
  const auto ends = wanted_.ends;
  std::vector<std::uint64_t> counts(ends.size());
  std::uint64_t last = 0;
  // The last end is in the file, and no other one leads out of it.
  for (std::size_t unit = 0; unit < counts.size(); unit++) {
    const auto end = std::clamp(static_cast<std::uint64_t>(ends[unit]), last, spikes_of(ends));
    counts[unit] = end - last;
    last = end;
  }
  trains_ = std::make_shared<FileSpikeTrains>(std::make_shared<TimesInPlace>(std::move(found_->times)), counts, 0);
  for (ValuesPlace& place : found_->values) trains_->add_values(std::make_shared<ValuesInPlace>(std::move(place)));
  found_.reset();
  inspection_.emplace(trains_);
}

void TrainsInPlace::finish() { is_finished_ = inspection_ && inspection_->finish(); }

void TrainsInPlace::release() {
  if (!is_finished_) trains_.reset();
  inspection_.reset();
  found_.reset();
  wanted_.find = {};
}

std::shared_ptr<Job> TrainsInPlace::job(unsigned threads) {
  const std::uint64_t bytes = spikes_of(wanted_.ends) * sizeof(double);
  const auto once = [self = shared_from_this()](void (TrainsInPlace::*step)()) {
    return [self, step](Job& /*job*/, unsigned /*participant*/) {
      ((*self).*step)();
      return false;
    };
  };
  const auto inspect = [self = shared_from_this()](Job& current, unsigned /*participant*/) {
    if (!self->inspection_) return false;
    const bool more = self->inspection_->inspect_some();
    current.advance(self->inspection_->take_inspected() * sizeof(double));
    return more;
  };
  auto job = std::make_shared<Job>(std::vector<Stage>{
      {.threads = wanted_.threads, .work = once(&TrainsInPlace::find)},
      {.threads = workers(), .work = once(&TrainsInPlace::begin)},
      {.threads = workers(), .work = inspect, .participants = useful_threads(bytes, {.threads = threads})},
      {.threads = workers(), .work = once(&TrainsInPlace::finish)},
      {.threads = wanted_.threads, .work = once(&TrainsInPlace::release), .always = true},
  });
  job->expect_bytes(bytes);
  return job;
}

}  // namespace spikeport
