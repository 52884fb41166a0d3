#pragma once

#include <napi.h>

#include <optional>
#include <string>

namespace spikeport::binding {

/** `folderEntries` of lib/engine/native.ts. */
Napi::Value folder_entries(const Napi::CallbackInfo& info);

/** The text of the entries that `folderEntries` has found. */
std::optional<std::string> folder_entries_of(const Napi::Value& value);

}  // namespace spikeport::binding
