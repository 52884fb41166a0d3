#pragma once

#include <napi.h>

#include <memory>

#include "spikes/trains.h"

namespace spikeport::binding {

/** The JS class `Trains` (NativeTrains in lib/engine/native.ts). All methods run on the JS thread. */
class TrainsObject : public Napi::ObjectWrap<TrainsObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit TrainsObject(const Napi::CallbackInfo& info);

  /** Once sealed the trains do not change any more; jobs share them. */
  [[nodiscard]] std::shared_ptr<const Trains> trains() const { return trains_; }

 private:
  void append(const Napi::CallbackInfo& info);
  void append_flat(const Napi::CallbackInfo& info);
  void pad(const Napi::CallbackInfo& info);
  Napi::Value seal(const Napi::CallbackInfo& info);
  Napi::Value seal_async(const Napi::CallbackInfo& info);
  Napi::Value unit_count(const Napi::CallbackInfo& info);
  Napi::Value spike_count(const Napi::CallbackInfo& info);
  Napi::Value longest_train(const Napi::CallbackInfo& info);

  std::shared_ptr<Trains> trains_ = std::make_shared<Trains>();
};

/** The trains behind a JS object of class `Trains`. */
std::shared_ptr<const Trains> trains_of(const Napi::Value& object);

/** `splitByUnit` of lib/engine/native.ts. */
Napi::Value split_by_unit(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
