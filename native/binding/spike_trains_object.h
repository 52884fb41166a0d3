#pragma once

// The spike trains of a recording as a JS object: filling, checking and sorting them.

#include <napi.h>

#include <memory>
#include <utility>

#include "spikes/file_spike_trains.h"
#include "spikes/memory_spike_trains.h"
#include "spikes/sealing.h"

namespace spikeport::binding {

/** The JS class `SpikeTrains` (NativeSpikeTrains in lib/engine/native-spike-trains.ts). All methods run on the JS
 * thread. */
class SpikeTrainsObject : public Napi::ObjectWrap<SpikeTrainsObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SpikeTrainsObject(const Napi::CallbackInfo& info);
  SpikeTrainsObject(const SpikeTrainsObject&) = delete;
  SpikeTrainsObject& operator=(const SpikeTrainsObject&) = delete;
  ~SpikeTrainsObject() override;

  /** Shared by jobs. Once sealed, they no longer change. */
  [[nodiscard]] std::shared_ptr<const SpikeTrains> trains() const {
    if (stored_ && *stored_) return *stored_;
    return trains_;
  }

  /** Sealed trains that are not in memory. */
  using Slot = std::shared_ptr<FileSpikeTrains>;
  /** Where a job leaves them for this object, which may be gone by then; no other thread reads it meanwhile. */
  [[nodiscard]] const std::shared_ptr<Slot>& slot() {
    if (!stored_) stored_ = std::make_shared<Slot>();
    return stored_;
  }

 private:
  void append(const Napi::CallbackInfo& info);
  void append_flat(const Napi::CallbackInfo& info);
  void append_empty(const Napi::CallbackInfo& info);
  Napi::Value seal(const Napi::CallbackInfo& info);
  Napi::Value seal_async(const Napi::CallbackInfo& info);
  Napi::Value unit_count(const Napi::CallbackInfo& info);
  Napi::Value spike_count(const Napi::CallbackInfo& info);
  Napi::Value longest_train(const Napi::CallbackInfo& info);
  void count_spikes(const Napi::CallbackInfo& info);
  Napi::Value read_train(const Napi::CallbackInfo& info);
  Napi::Value read_values(const Napi::CallbackInfo& info);
  Napi::Value units_not_finite(const Napi::CallbackInfo& info);
  Napi::Value survey(const Napi::CallbackInfo& info);
  Napi::Value select(const Napi::CallbackInfo& info);
  Napi::Value limit(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /** What is appended. */
  std::shared_ptr<MemorySpikeTrains> trains_ = std::make_shared<MemorySpikeTrains>();
  /** Those of `slot`, in place of the others. */
  std::shared_ptr<Slot> stored_;
};

/** The window of a recording: RecordingWindow in lib/engine/native-spike-trains.ts. */
RecordingWindow window_from(const Napi::Value& value);

/** SealReport in lib/engine/native-spike-trains.ts. */
Napi::Object to_js(Napi::Env env, const SealReport& report);

/** The spike trains of a JS object of class `SpikeTrains`; none for any other value. */
std::shared_ptr<const SpikeTrains> trains_of(const Napi::Value& object);

/** `splitByUnit` of lib/engine/native-addon.ts. */
Napi::Value split_by_unit(const Napi::CallbackInfo& info);
/** `splitByUnitAsync` of lib/engine/native-addon.ts. */
Napi::Value split_by_unit_async(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
