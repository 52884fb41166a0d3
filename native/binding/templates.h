// What is found out about templates while they are read.
#pragma once

#include <napi.h>

#include <memory>

#include "spikes/common_labels.h"

namespace spikeport::binding {

/** The JS class `CommonLabels` (NativeCommonLabels in lib/engine/native-addon.ts). */
class CommonLabelsObject : public Napi::ObjectWrap<CommonLabelsObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit CommonLabelsObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value count(const Napi::CallbackInfo& info);
  Napi::Value choose(const Napi::CallbackInfo& info);

  /** Keeps alive what the counts refer to. */
  Napi::ObjectReference rows_;
  std::shared_ptr<CommonLabels> labels_;
};

/** `largestColumns` of lib/engine/native-addon.ts. */
Napi::Value largest_columns(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
