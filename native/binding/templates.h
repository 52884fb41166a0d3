// What is found out about templates while they are read.
#pragma once

#include <napi.h>

namespace spikeport::binding {

/** `commonLabels` of lib/engine/native.ts. */
Napi::Value common_labels(const Napi::CallbackInfo& info);
/** `largestColumns` of lib/engine/native.ts. */
Napi::Value largest_columns(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
