#include "hdf5/reading/stored_trains.h"

#include <optional>
#include <utility>
#include <vector>

#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {
namespace {

/** Opens a dataset with an element for each spike; nothing where its elements do not lie together. */
std::optional<StoredDataset> open_together(const OpenFile& file, const std::string& path,
                                           const TrainsRequest& request) {
  StoredDataset dataset = open_dataset(file, path);
  require_readable(file, dataset);
  if (!dataset.offset || !dataset.type.is_numeric()) return std::nullopt;
  const std::uint64_t spikes = request.ends.empty() ? 0 : static_cast<std::uint64_t>(request.ends.back());
  if (spikes > dataset.count()) file.refuse(path, "it has another shape than before");
  return dataset;
}

std::vector<TimesRun> runs_of_dataset(const OpenFile& file, const TrainsRequest& request) {
  const auto dataset = open_together(file, request.path, request);
  if (!dataset) return {};
  return {{.first = 0, .offset = *dataset->offset, .stored = dataset->type.elements}};
}

std::optional<FoundTrains> find_trains(const OpenFile& file, const TrainsRequest& request) {
  auto runs = request.units ? request.units->runs() : runs_of_dataset(file, request);
  if (runs.empty()) return std::nullopt;
  const auto in_place = [&file](const std::string& object) {
    return FileInPlace{.file = file.shared_bytes(), .opened = file.opened(), .object = object};
  };
  FoundTrains found{.times = {.in = in_place(request.path), .runs = std::move(runs), .scaling = request.scaling},
                    .values = {}};
  for (const std::string& path : request.values) {
    const auto dataset = open_together(file, path, request);
    if (!dataset || dataset->type.kind != StoredType::Kind::number) return std::nullopt;
    found.values.push_back({.in = in_place(path), .offset = *dataset->offset, .stored = dataset->type.elements});
  }
  return found;
}

}  // namespace

std::shared_ptr<TrainsInPlace> stored_trains(std::shared_ptr<OpenFile> file, TrainsRequest request) {
  const auto ends = request.ends;
  // The file and the datasets are let go of on the HDF5 thread.
  auto find = [file = std::move(file), request = std::move(request)] { return find_trains(*file, request); };
  return std::make_shared<TrainsInPlace>(TrainsToFind{.find = std::move(find), .threads = hdf5_thread(), .ends = ends});
}

}  // namespace spikeport::hdf5
