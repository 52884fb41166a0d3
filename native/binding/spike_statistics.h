#pragma once

#include <napi.h>

namespace spikeport::binding {

/** `spikeStatistics` of lib/engine/native-addon.ts. */
Napi::Value spike_statistics(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
