#include <H5public.h>
#include <napi.h>

#include <exception>
#include <mutex>
#include <set>
#include <span>
#include <string>

#include "binding/environment.h"
#include "binding/failure.h"
#include "binding/folder_entries.h"
#include "binding/job_object.h"
#include "binding/segments_object.h"
#include "binding/source_reader.h"
#include "binding/spike_trains_object.h"
#include "platform/error.h"
#include "platform/library.h"
#include "storage/claim.h"
#include "storage/target.h"

namespace spikeport::binding {
namespace {

/** `fillRaster` of lib/engine/native.ts. */
void fill_raster(const Napi::CallbackInfo& info) {
  const auto raster = read_fields(info[0], {.name = "source"}, read_raster);
  auto counts = info[1].As<Napi::BigInt64Array>();
  if (!info[1].IsTypedArray() || counts.TypedArrayType() != napi_bigint64_array ||
      counts.ElementLength() != raster->size()) {
    throw Napi::RangeError::New(info.Env(), "Expected units x bins counts as int64.");
  }
  raster->fill(0, std::as_writable_bytes(std::span(counts.Data(), counts.ElementLength())));
}

/** `locate` of lib/engine/native.ts. */
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

/** `isFirst` of lib/engine/native.ts. Worker threads share the addon, and with it the keys. */
Napi::Value is_first(const Napi::CallbackInfo& info) {
  static std::mutex mutex;
  static std::set<std::string> keys;
  const std::lock_guard lock(mutex);
  return Napi::Boolean::New(info.Env(), keys.insert(info[0].As<Napi::String>()).second);
}

/** `shutDown` of lib/engine/native.ts. */
void shut_down(const Napi::CallbackInfo& info) { Environment::of(info.Env()).shut_down(); }

Napi::Object init(Napi::Env env, Napi::Object exports) {
  platform::stay_loaded();
  Environment::create(env);
  exports["SpikeTrains"] = SpikeTrainsObject::define(env);
  exports["Segments"] = SegmentsObject::define(env);
  exports["Job"] = JobObject::define(env);
  exports["splitByUnit"] = Napi::Function::New(env, split_by_unit);
  exports["fillRaster"] = Napi::Function::New(env, fill_raster);
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
