#pragma once

#include <napi.h>

namespace spikeport::binding {

/** `meanWaveforms` of lib/engine/native-addon.ts. */
Napi::Value mean_waveforms(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
