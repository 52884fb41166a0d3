#pragma once

#include <napi.h>

#include <optional>

#include "storage/folder.h"

namespace spikeport::binding {

/** `folderEntries` of lib/binding.ts. */
Napi::Value folder_entries(const Napi::CallbackInfo& info);

/** The entries that `folderEntries` has found. */
std::optional<FolderEntries> folder_entries_of(const Napi::Value& value);

}  // namespace spikeport::binding
