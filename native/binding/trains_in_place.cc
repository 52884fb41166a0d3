#include "binding/trains_in_place.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "binding/fields.h"
#include "binding/reading.h"
#include "binding/spike_trains_object.h"
#include "engine/errors.h"
#include "engine/thread_pool.h"

namespace spikeport::binding {
namespace {

/** Trains of a plain file: TrainsInFile in lib/engine/native-reading.ts. */
struct FileTrains {
  std::string path;
  std::string name;
  std::string object;
  /** What the size of the file must be. */
  std::uint64_t size = 0;
  std::vector<kernels::StoredElements> types;
  kernels::Scaling scaling;
  // One a unit:
  std::span<const std::int64_t> ends;
  std::span<const double> offsets;
  std::span<const std::uint8_t> type_numbers;
};

FileTrains read_file_trains(Fields& request) {
  FileTrains trains{.path = request.name("path"),
                    .name = request.name("name"),
                    .object = request.text("object"),
                    .size = request.count("size"),
                    .types = {},
                    .scaling = read_scaling_of(request),
                    .ends = {},
                    .offsets = {},
                    .type_numbers = {}};
  for (const std::string& dtype : request.texts("dtypes")) {
    const auto stored = stored_elements(dtype);
    if (!stored) request.refuse("dtypes", "numpy type strings of numbers");
    trains.types.push_back(*stored);
  }
  return trains;
}

/** Opens the file, and finds where in it the trains of units with spikes are. */
std::optional<FoundTrains> place_of(const FileTrains& trains) {
  auto file = std::make_shared<const platform::InputFile>(trains.path, trains.name);
  const auto opened = file->state();
  if (opened.size != trains.size) throw FormatError(trains.name, "", "it was changed while it was read");
  std::vector<TimesRun> runs;
  std::uint64_t last = 0;
  for (std::size_t unit = 0; unit < trains.ends.size(); unit++) {
    const auto end = static_cast<std::uint64_t>(trains.ends[unit]);
    if (end <= last) continue;
    const kernels::StoredElements& stored = trains.types.at(trains.type_numbers[unit]);
    const auto offset = static_cast<std::uint64_t>(trains.offsets[unit]);
    if (offset > opened.size || (opened.size - offset) / size_of(stored) < end - last) {
      throw FormatError(trains.name, trains.object, "it is cut off");
    }
    runs.push_back({.first = last, .offset = offset, .stored = stored});
    last = end;
  }
  if (runs.empty()) return std::nullopt;
  return FoundTrains{.times = {.in = {.file = std::move(file), .opened = opened, .object = trains.object},
                               .runs = std::move(runs),
                               .scaling = trains.scaling},
                     .values = {}};
}

}  // namespace

Napi::Value start_finding(const std::shared_ptr<TrainsInPlace>& trains, const Napi::Value& into,
                          const Napi::Array& used, unsigned threads, const Napi::Value& on_progress) {
  const Napi::Env env = into.Env();
  const auto object = into.As<Napi::Object>();
  if (!object.CheckTypeTag(&Environment::spike_trains_tag)) throw Napi::TypeError::New(env, "Expected spike trains.");
  const auto outcome = [trains, slot = SpikeTrainsObject::Unwrap(object)->slot()]() -> Environment::Result {
    return [found = trains->trains(), slot](Napi::Env result) -> Napi::Value {
      if (found) *slot = found;
      return Napi::Boolean::New(result, found != nullptr);
    };
  };
  return Environment::of(env).start(trains->job(threads), used, outcome, function_in(on_progress));
}

Napi::Value trains_in_file(const Napi::CallbackInfo& info) {
  const Values values(info, 7);
  FileTrains trains = read_root(info.Env(), values[0], "request", read_file_trains);
  trains.ends = elements_of<std::int64_t>(info[1]);
  trains.offsets = elements_of<double>(info[2]);
  trains.type_numbers = elements_of<std::uint8_t>(info[3]);
  const std::size_t units = trains.ends.size();
  if (trains.offsets.size() != units || trains.type_numbers.size() != units) {
    throw Napi::RangeError::New(info.Env(), "Expected a place and a type for each unit.");
  }
  const auto ends = trains.ends;
  const auto found = std::make_shared<TrainsInPlace>(TrainsToFind{
      .find = [trains = std::move(trains)] { return place_of(trains); }, .threads = workers(), .ends = ends});
  return start_finding(found, info[4], kept(info.Env(), {info[1], info[2], info[3], info[4]}), threads_of(info[5]),
                       info[6]);
}

}  // namespace spikeport::binding
