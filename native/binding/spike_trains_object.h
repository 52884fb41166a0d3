#pragma once

// The spike trains of a recording as a JS object: filling, checking and sorting them.

#include <napi.h>

#include <memory>

#include "spikes/memory_spike_trains.h"

namespace spikeport::binding {

/** The JS class `SpikeTrains` (NativeSpikeTrains in lib/engine/native.ts). All methods run on the JS thread. */
class SpikeTrainsObject : public Napi::ObjectWrap<SpikeTrainsObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SpikeTrainsObject(const Napi::CallbackInfo& info);

  /** Shared by jobs. Once sealed, they no longer change. */
  [[nodiscard]] std::shared_ptr<const SpikeTrains> trains() const { return trains_; }

 private:
  void append(const Napi::CallbackInfo& info);
  void append_flat(const Napi::CallbackInfo& info);
  void append_empty(const Napi::CallbackInfo& info);
  Napi::Value seal(const Napi::CallbackInfo& info);
  Napi::Value seal_async(const Napi::CallbackInfo& info);
  Napi::Value unit_count(const Napi::CallbackInfo& info);
  Napi::Value spike_count(const Napi::CallbackInfo& info);
  Napi::Value longest_train(const Napi::CallbackInfo& info);

  std::shared_ptr<MemorySpikeTrains> trains_ = std::make_shared<MemorySpikeTrains>();
};

/** The spike trains of a JS object of class `SpikeTrains`; none for any other value. */
std::shared_ptr<const SpikeTrains> trains_of(const Napi::Value& object);

/** `splitByUnit` of lib/engine/native.ts. */
Napi::Value split_by_unit(const Napi::CallbackInfo& info);
/** `splitByUnitAsync` of lib/engine/native.ts. */
Napi::Value split_by_unit_async(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
