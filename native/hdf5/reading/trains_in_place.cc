#include "hdf5/reading/trains_in_place.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/export_job.h"
#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {
namespace {

/** How many spikes all units have; more than any file where the ends are none. */
std::uint64_t spikes_of(std::span<const std::int64_t> ends) {
  return ends.empty() ? 0 : static_cast<std::uint64_t>(ends.back());
}

}  // namespace

std::vector<TimesRun> TrainsInPlace::runs_of_dataset() const {
  const StoredDataset dataset = open_dataset(*file_, request_.path);
  require_readable(*file_, dataset);
  if (!dataset.offset || !dataset.type.is_numeric()) return {};
  if (spikes_of(request_.ends) > dataset.count()) file_->refuse(request_.path, "it has another shape than before");
  return {{.first = 0, .offset = *dataset.offset, .stored = dataset.type.elements}};
}

void TrainsInPlace::resolve() {
  auto runs = request_.units ? request_.units->runs() : runs_of_dataset();
  if (runs.empty()) return;
  place_.emplace(TimesPlace{.file = file_->shared_bytes(),
                            .opened = file_->opened(),
                            .object = request_.path,
                            .runs = std::move(runs),
                            .scaling = request_.scaling});
  const auto lie_together = [this](const std::string& path) { return resolve_values(path); };
  if (!std::ranges::all_of(request_.values, lie_together)) place_.reset();
}

bool TrainsInPlace::resolve_values(const std::string& path) {
  const StoredDataset dataset = open_dataset(*file_, path);
  require_readable(*file_, dataset);
  if (!dataset.offset || dataset.type.kind != StoredType::Kind::number) return false;
  if (spikes_of(request_.ends) > dataset.count()) file_->refuse(path, "it has another shape than before");
  value_places_.push_back({.file = file_->shared_bytes(),
                           .opened = file_->opened(),
                           .object = path,
                           .offset = *dataset.offset,
                           .stored = dataset.type.elements});
  return true;
}

void TrainsInPlace::begin() {
  if (!place_) return;
  std::vector<std::uint64_t> counts(request_.ends.size());
  std::uint64_t last = 0;
  // The last end is in the dataset, and no other one leads out of it.
  for (std::size_t unit = 0; unit < counts.size(); unit++) {
    const auto end = std::clamp(static_cast<std::uint64_t>(request_.ends[unit]), last, spikes_of(request_.ends));
    counts[unit] = end - last;
    last = end;
  }
  trains_ = std::make_shared<FileSpikeTrains>(std::make_shared<TimesInPlace>(*std::exchange(place_, {})), counts, 0);
  for (ValuesPlace& place : value_places_) trains_->add_values(std::make_shared<ValuesInPlace>(std::move(place)));
  inspection_.emplace(trains_);
}

void TrainsInPlace::finish() { is_finished_ = inspection_ && inspection_->finish(); }

void TrainsInPlace::release() {
  if (!is_finished_) trains_.reset();
  inspection_.reset();
  place_.reset();
  value_places_ = {};
  file_.reset();
}

std::shared_ptr<Job> TrainsInPlace::job(unsigned threads) {
  const std::uint64_t bytes = spikes_of(request_.ends) * sizeof(double);
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
      {.threads = hdf5_thread(), .work = once(&TrainsInPlace::resolve)},
      {.threads = workers(), .work = once(&TrainsInPlace::begin)},
      {.threads = workers(), .work = inspect, .participants = useful_threads(bytes, {.threads = threads})},
      {.threads = workers(), .work = once(&TrainsInPlace::finish)},
      {.threads = hdf5_thread(), .work = once(&TrainsInPlace::release), .always = true},
  });
  job->expect_bytes(bytes);
  return job;
}

}  // namespace spikeport::hdf5
