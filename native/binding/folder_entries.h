#pragma once

// Lists what a folder holds, off the JS thread.

#include <napi.h>

namespace spikeport::binding {

/** `folderEntries` of lib/engine/native-addon.ts. */
Napi::Value folder_entries(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
