#include <H5public.h>
#include <napi.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "binding/arrays_object.h"
#include "binding/environment.h"
#include "binding/failure.h"
#include "binding/folder_entries.h"
#include "binding/hdf5_file_object.h"
#include "binding/list_object.h"
#include "binding/mean_waveforms.h"
#include "binding/reading.h"
#include "binding/samples_object.h"
#include "binding/source_reader.h"
#include "binding/spike_statistics.h"
#include "binding/spike_trains_object.h"
#include "binding/spool_object.h"
#include "binding/start_export.h"
#include "binding/streamed_object.h"
#include "binding/templates.h"
#include "binding/trains_in_place.h"
#include "binding/values.h"
#include "engine/block.h"
#include "engine/export_job.h"
#include "engine/thread_pool.h"
#include "platform/error.h"
#include "platform/library.h"
#include "replacement/claim.h"
#include "replacement/target.h"

namespace spikeport::binding {
namespace {

/** The array that a raster is written to. */
std::span<std::int64_t> counts_for(const Raster& raster, const Napi::Value& value) {
  auto counts = value.As<Napi::BigInt64Array>();
  if (!value.IsTypedArray() || counts.TypedArrayType() != napi_bigint64_array ||
      counts.ElementLength() != raster.size()) {
    throw Napi::RangeError::New(value.Env(), "Expected units x bins counts as int64.");
  }
  return {counts.Data(), counts.ElementLength()};
}

/** `fillRaster` of lib/engine/native-addon.ts. */
void fill_raster(const Napi::CallbackInfo& info) {
  const Values values(info, 2);
  const auto raster = read_root(info.Env(), values[0], "source", read_raster);
  raster->fill(0, std::as_writable_bytes(counts_for(*raster, info[1])));
}

/** `fillRasterAsync` of lib/engine/native-addon.ts. */
Napi::Value fill_raster_async(const Napi::CallbackInfo& info) {
  const Values values(info, 2);
  const std::shared_ptr<const Raster> raster = read_root(info.Env(), values[0], "source", read_raster);
  const auto counts = counts_for(*raster, info[1]);
  const auto next = std::make_shared<std::atomic<std::size_t>>(0);
  const auto fill = [raster, counts, next](Job& /*job*/, unsigned /*participant*/) {
    constexpr std::size_t block = block_size / sizeof(std::int64_t);
    const std::size_t first = next->fetch_add(block);
    if (first >= counts.size()) return false;
    raster->fill(first, std::as_writable_bytes(counts.subspan(first, std::min(block, counts.size() - first))));
    return true;
  };
  const unsigned threads = useful_threads(counts.size_bytes(), {.threads = workers().size()});
  const auto job =
      std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = fill, .participants = threads}});
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info[0], info[1]}), Environment::no_result, {});
}

/** `locate` of lib/engine/native-addon.ts. */
Napi::Value locate(const Napi::CallbackInfo& info) {
  try {
    const Location location = spikeport::locate(info[0].As<Napi::String>());
    auto result = Napi::Object::New(info.Env());
    result["path"] = location.path;
    result["exists"] = location.exists;
    result["partial"] = first_partial(location.path);
    return result;
  } catch (const SystemError&) {
    return failure_record(info.Env(), std::current_exception());
  }
}

/** `isFirst` of lib/engine/native-addon.ts. Worker threads share the addon, and with it the keys. */
Napi::Value is_first(const Napi::CallbackInfo& info) {
  static std::mutex mutex;
  static std::set<std::string> keys;
  const std::lock_guard lock(mutex);
  return Napi::Boolean::New(info.Env(), keys.insert(info[0].As<Napi::String>()).second);
}

/** `fieldNumber` of lib/engine/encoded-addon.ts. */
Napi::Value field_number(const Napi::CallbackInfo& info) {
  const std::size_t number = Environment::of(info.Env()).field_number(info[0].As<Napi::String>());
  return Napi::Number::New(info.Env(), static_cast<double>(number));
}

/** `cancel` of lib/engine/native-addon.ts. */
void cancel(const Napi::CallbackInfo& info) {
  Environment::of(info.Env()).cancel(static_cast<std::uint64_t>(info[0].As<Napi::Number>().Int64Value()));
}

/** `shutDown` of lib/engine/native-addon.ts. */
void shut_down(const Napi::CallbackInfo& info) { Environment::of(info.Env()).shut_down(); }

Napi::Object init(Napi::Env env, Napi::Object exports) {
  platform::stay_loaded();
  Environment::create(env);
  exports["SpikeTrains"] = SpikeTrainsObject::define(env);
  exports["SpikeSpool"] = SpoolObject::define(env);
  exports["CommonLabels"] = CommonLabelsObject::define(env);
  exports["Segments"] = Segments::define(env);
  exports["Hdf5Objects"] = Hdf5Objects::define(env);
  exports["Arrays"] = ArraysObject::define(env);
  exports["BegunFile"] = BegunFileObject::define(env);
  exports["StreamedDataset"] = StreamedDatasetObject::define(env);
  exports["Samples"] = SamplesObject::define(env);
  exports["Hdf5File"] = Hdf5FileObject::define(env);
  exports["readFileParts"] = Napi::Function::New(env, read_file_parts);
  exports["trainsInFile"] = Napi::Function::New(env, trains_in_file);
  exports["takeBytes"] = Napi::Function::New(env, take_bytes);
  exports["startExport"] = Napi::Function::New(env, start_export);
  exports["fieldNumber"] = Napi::Function::New(env, field_number);
  exports["cancel"] = Napi::Function::New(env, cancel);
  exports["splitByUnit"] = Napi::Function::New(env, split_by_unit);
  exports["splitByUnitAsync"] = Napi::Function::New(env, split_by_unit_async);
  exports["largestColumns"] = Napi::Function::New(env, largest_columns);
  exports["fillRaster"] = Napi::Function::New(env, fill_raster);
  exports["fillRasterAsync"] = Napi::Function::New(env, fill_raster_async);
  exports["meanWaveforms"] = Napi::Function::New(env, mean_waveforms);
  exports["spikeStatistics"] = Napi::Function::New(env, spike_statistics);
  exports["folderEntries"] = Napi::Function::New(env, folder_entries);
  exports["shutDown"] = Napi::Function::New(env, shut_down);
  exports["locate"] = Napi::Function::New(env, locate);
  exports["isFirst"] = Napi::Function::New(env, is_first);
  exports["hdf5Version"] = H5_VERS_INFO;
  return exports;
}

}  // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, init)

}  // namespace spikeport::binding
