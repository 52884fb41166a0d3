#pragma once

// Starts the job that writes a plan.

#include <napi.h>

namespace spikeport::binding {

/** `startExport` of lib/engine/native-addon.ts. */
Napi::Value start_export(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
