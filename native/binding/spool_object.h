#pragma once

// A spool as a JS object: taking spikes, and making spike trains of them.

#include <napi.h>

#include <memory>

#include "spikes/spool.h"

namespace spikeport::binding {

/** The JS class `SpikeSpool` (NativeSpikeSpool in lib/engine/native-spool.ts). All methods run on the JS thread. */
class SpoolObject : public Napi::ObjectWrap<SpoolObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SpoolObject(const Napi::CallbackInfo& info);
  SpoolObject(const SpoolObject&) = delete;
  SpoolObject& operator=(const SpoolObject&) = delete;
  ~SpoolObject() override;

 private:
  Napi::Value append(const Napi::CallbackInfo& info);
  Napi::Value problem(const Napi::CallbackInfo& info);
  Napi::Value is_full(const Napi::CallbackInfo& info);
  Napi::Value spike_count(const Napi::CallbackInfo& info);
  Napi::Value flush(const Napi::CallbackInfo& info);
  Napi::Value seal(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /** The spool, unless it is sealed or closed: then it throws. */
  [[nodiscard]] const std::shared_ptr<Spool>& open(const Napi::CallbackInfo& info) const;

  std::shared_ptr<Spool> spool_;
  bool is_open_ = true;
};

}  // namespace spikeport::binding
