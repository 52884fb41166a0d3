#include "binding/spike_statistics.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "binding/environment.h"
#include "binding/fields.h"
#include "binding/source_reader.h"
#include "binding/values.h"
#include "engine/thread_pool.h"
#include "spikes/spike_statistics.h"

namespace spikeport::binding {
namespace {

/** The most bins of one unit. */
constexpr std::int64_t most_bins = std::int64_t{1} << 16;

/** Fewer spikes are not worth the waking of a thread. */
constexpr std::uint64_t spikes_of_thread = 16'384;

/** SPIKE_STATISTICS of lib/engine/plan/spike-statistics.ts. */
StatisticsRequest read_statistics_request(Fields& request) {
  const auto bins = [&](const char* key, std::int64_t least) {
    return static_cast<std::size_t>(request.whole(key, least, most_bins));
  };
  return {
      .trains = read_trains(request),
      .start = request.number("startMs"),
      .length = request.number("lengthMs"),
      .isi_width = request.positive("isiBinMs"),
      .isi_bins = bins("isiBins", 1),
      .refractory = request.number("refractoryMs"),
      .lag_width = request.positive("lagBinMs"),
      .lag_bins = bins("lagBins", 1),
      .rate_bins = bins("rateBins", 1),
      .occupancy_bins = bins("occupancyBins", 0),
  };
}

/** An array of the counts, which has so many elements for each unit. */
template <typename Array, typename Element>
std::span<Element> counts_in(const Napi::Object& counts, const char* name, napi_typedarray_type type,
                             std::size_t count) {
  const Napi::Value value = counts[name];
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type ||
      value.As<Napi::TypedArray>().ElementLength() != count) {
    throw Napi::RangeError::New(counts.Env(), "Expected counts of all bins of all units.");
  }
  auto array = value.As<Array>();
  return {array.Data(), count};
}

StatisticsCounts counts_to_fill(const StatisticsRequest& request, const Napi::Object& counts) {
  const std::size_t units = request.trains->unit_count();
  const auto histogram = [&](const char* name, std::size_t bins) {
    return counts_in<Napi::Uint32Array, std::uint32_t>(counts, name, napi_uint32_array, units * bins);
  };
  return {
      .isi = histogram("isi", request.isi_bins),
      .lags = histogram("lags", request.lag_bins),
      .rates = histogram("rates", request.rate_bins),
      .violations = counts_in<Napi::Float64Array, double>(counts, "violations", napi_float64_array, units),
      .occupancy = counts_in<Napi::Uint8Array, std::uint8_t>(counts, "occupancy", napi_uint8_array,
                                                             units * ((request.occupancy_bins + 7) / 8)),
  };
}

}  // namespace

Napi::Value spike_statistics(const Napi::CallbackInfo& info) {
  const Values values(info, 3);
  StatisticsRequest request = read_root(info.Env(), values[0], "request", read_statistics_request);
  const StatisticsCounts counts = counts_to_fill(request, info[1].As<Napi::Object>());
  const std::uint64_t spikes = request.trains->spike_count();
  const auto threads = static_cast<unsigned>(std::clamp<std::uint64_t>(spikes / spikes_of_thread, 1, workers().size()));
  const auto statistics = std::make_shared<SpikeStatistics>(std::move(request), counts, threads);
  const auto count = [statistics](Job& job, unsigned participant) {
    const bool more = statistics->count_some(participant);
    job.advance(statistics->take_done(participant));
    return more;
  };
  const auto job =
      std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = count, .participants = threads}});
  job->expect_bytes(spikes);
  const Napi::Function on_progress = function_in(info[2]);
  return Environment::of(info.Env())
      .start(job, kept(info.Env(), {info[0], info[1]}), Environment::no_result, on_progress);
}

}  // namespace spikeport::binding
