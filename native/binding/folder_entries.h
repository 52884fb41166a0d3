#pragma once

#include <napi.h>

namespace spikeport::binding {

/** `folderEntries` of lib/engine/native.ts. */
Napi::Value folder_entries(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
