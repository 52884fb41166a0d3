#pragma once

// What readers of files have in common: destinations of elements, and long results.

#include <napi.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binding/fields.h"
#include "reading/file_parts.h"

namespace spikeport::binding {

/** Where elements go, and how many there is room for. */
struct Room {
  Destination to;
  std::uint64_t count = 0;
};

/** A numpy type string, such as `>i4`, of the types that `kernels::decode` reads; nothing for others. */
std::optional<kernels::StoredElements> stored_elements(const std::string& dtype);

/** The field `scaling` of a request, if it has one. */
kernels::Scaling read_scaling_of(Fields& request);

/** The fields `into` and `scaling` of a request (ReadInto in lib/engine/native-reading.ts). */
Room read_room(Fields& request);

/** A scaling that is an argument of its own; none for undefined. */
kernels::Scaling scaling_of(Napi::Env env, Value scaling);

/** A typed array and scaling that are arguments of their own: float64. */
Room room_of(const Napi::Value& array, Value scaling);

/** How many threads may work, from a number that is 0 for one a core. */
unsigned threads_of(const Napi::Value& threads);

/** Bytes that native code has and JavaScript wants. */
using Bytes = std::shared_ptr<std::vector<std::byte>>;

/** Bytes for JavaScript: few are a Uint8Array; many are kept for `takeBytes`, which copies them on another thread. */
Napi::Value to_js(Napi::Env env, const Bytes& bytes);

/** `takeBytes` of lib/engine/native-reading.ts. */
Napi::Value take_bytes(const Napi::CallbackInfo& info);

/** `readFileParts` of lib/engine/native-reading.ts. */
Napi::Value read_file_parts(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
