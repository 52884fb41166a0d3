#pragma once

// Descriptions of HDF5 objects as JS objects.

#include <napi.h>

#include <string>
#include <vector>

#include "hdf5/reading/description.h"
#include "kernels/decode.h"

namespace spikeport::binding {

/** The numpy type string of elements as they are in the file. */
std::string dtype_of(const kernels::StoredElements& elements);
/** A description as NativeDescription of lib/engine/native-reading.ts; undefined where nothing is there. */
Napi::Value to_js(Napi::Env env, const hdf5::Description& description);
/** Attributes as NativeAttribute of the same file. */
Napi::Array to_js(Napi::Env env, const std::vector<hdf5::AttributeValue>& attributes);

}  // namespace spikeport::binding
