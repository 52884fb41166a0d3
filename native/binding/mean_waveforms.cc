#include "binding/mean_waveforms.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "binding/environment.h"
#include "binding/fields.h"
#include "binding/samples_object.h"
#include "binding/source_reader.h"
#include "binding/values.h"
#include "engine/thread_pool.h"
#include "spikes/mean_waveforms.h"

namespace spikeport::binding {
namespace {

/** The most samples of a window. */
constexpr std::int64_t most_samples = std::int64_t{1} << 16;

/** Raw samples, in memory or in a file. */
struct RawSamples {
  ElementType type = ElementType::i16;
  const std::byte* data = nullptr;
  std::shared_ptr<const SampleFile> file;
  std::uint64_t rows = 0;
  std::uint64_t samples = 0;
};

RawSamples read_samples_in_memory(Fields& raw) {
  const Numbers data = raw.numbers("data");
  const std::uint64_t samples = raw.count("samples");
  if (samples == 0 ? data.count() > 0 : data.count() % samples != 0) {
    raw.refuse("samples", "a divisor of " + std::to_string(data.count()));
  }
  const std::uint64_t rows = samples == 0 ? 0 : data.count() / samples;
  return {.type = data.type, .data = data.bytes.data(), .file = nullptr, .rows = rows, .samples = samples};
}

RawSamples read_samples_in_file(Fields& raw) {
  auto file = SamplesObject::samples_of(raw.other("samples"));
  if (!file) raw.refuse_type("samples", "native samples");
  const SampleFile& samples = *file;
  return {.type = samples.type(),
          .data = nullptr,
          .file = std::move(file),
          .rows = samples.channels(),
          .samples = samples.samples()};
}

RawSamples read_raw_samples(Fields& raw) {
  constexpr Word<RawSamples (*)(Fields&)> places[] = {{"memory", read_samples_in_memory},
                                                      {"file", read_samples_in_file}};
  return raw.word("in", places)(raw);
}

/** MEAN_WAVEFORMS of lib/engine/plan/mean-waveforms.ts. */
MeanWaveformsRequest read_mean_waveforms_request(Fields& request) {
  const RawSamples raw = request.object("raw", read_raw_samples);
  MeanWaveformsRequest read{
      .trains = read_trains(request),
      .fs_hz = request.positive("fsHz"),
      .start_ms = request.number("startMs"),
      .type = raw.type,
      .data = raw.data,
      .file = raw.file,
      .samples = raw.samples,
      .first_sample = request.whole("firstSample", -max_count / 2, max_count / 2),
      .before = static_cast<std::uint64_t>(request.whole("samplesBefore", 0, most_samples)),
      .window = 0,
      .rows = request.copied<std::int32_t>("rows"),
      .channels = {},
      .width = 0,
  };
  read.window = read.before + static_cast<std::uint64_t>(request.whole("samplesAfter", 0, most_samples));
  read.width = read.rows.size();
  const auto is_row = [&](std::int32_t row) { return row >= 0 && static_cast<std::uint64_t>(row) < raw.rows; };
  if (!std::ranges::all_of(read.rows, is_row)) request.refuse("rows", "numbers of rows");
  if (request.has("channels")) {
    read.channels = request.copied<std::int32_t>("channels");
    const std::size_t units = read.trains->unit_count();
    if (units == 0 || read.channels.size() % units != 0) request.refuse("channels", "as many for each unit");
    read.width = read.channels.size() / units;
    const auto is_channel = [&](std::int32_t channel) {
      return channel < 0 || static_cast<std::size_t>(channel) < read.rows.size();
    };
    if (!std::ranges::all_of(read.channels, is_channel)) request.refuse("channels", "numbers of channels");
  }
  return read;
}

std::span<float> means_for(const MeanWaveformsRequest& request, const Napi::Value& value) {
  auto means = value.As<Napi::Float32Array>();
  const std::uint64_t count = request.trains->unit_count() * request.window * request.width;
  if (!value.IsTypedArray() || means.TypedArrayType() != napi_float32_array || means.ElementLength() != count) {
    throw Napi::RangeError::New(value.Env(), "Expected units x window x width means as float32.");
  }
  return {means.Data(), means.ElementLength()};
}

}  // namespace

Napi::Value mean_waveforms(const Napi::CallbackInfo& info) {
  const Values values(info, 4);
  MeanWaveformsRequest request = read_root(info.Env(), values[0], "request", read_mean_waveforms_request);
  const auto means = means_for(request, info[1]);
  const unsigned threads = info[2].As<Napi::Number>().Uint32Value();
  const unsigned most = threads == 0 ? workers().size() : std::min(threads, workers().size());
  const auto averaging = std::make_shared<MeanWaveforms>(std::move(request), means, most);
  const auto begin = [averaging](Job& /*job*/, unsigned /*participant*/) {
    averaging->begin_slab();
    return false;
  };
  const auto read = [averaging](Job& /*job*/, unsigned /*participant*/) { return averaging->read_some(); };
  const auto add = [averaging](Job& job, unsigned participant) {
    const bool more = averaging->add_some(participant);
    job.advance(averaging->take_done(participant));
    return more;
  };
  const auto participants = static_cast<unsigned>(std::clamp<std::size_t>(averaging->group_count(), 1, most));
  std::vector<Stage> stages;
  for (std::uint64_t slab = 0; slab < averaging->slab_count(); slab++) {
    stages.push_back({.threads = workers(), .work = begin});
    if (averaging->reads()) stages.push_back({.threads = workers(), .work = read, .participants = most});
    stages.push_back({.threads = workers(), .work = add, .participants = participants});
  }
  // A job has a stage, also without anything to do.
  if (stages.empty()) stages.push_back({.threads = workers(), .work = [](Job&, unsigned) { return false; }});
  const auto job = std::make_shared<Job>(std::move(stages));
  const auto outcome = [averaging]() -> Environment::Result {
    return [averaging](Napi::Env env) {
      const auto counts = averaging->spike_counts();
      auto spike_counts = Napi::Float64Array::New(env, counts.size());
      std::ranges::transform(counts, spike_counts.Data(),
                             [](std::uint64_t count) { return static_cast<double>(count); });
      auto result = Napi::Object::New(env);
      result["spikeCounts"] = spike_counts;
      result["notFinite"] = static_cast<double>(averaging->not_finite());
      return result;
    };
  };
  job->expect_bytes(averaging->byte_count());
  const Napi::Function on_progress = function_in(info[3]);
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info[0], info[1]}), outcome, on_progress);
}

}  // namespace spikeport::binding
