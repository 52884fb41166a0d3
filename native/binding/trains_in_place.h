#pragma once

// Spike trains that stay in the file where they are, for JavaScript.

#include <napi.h>

#include <memory>

#include "spikes/trains_in_place.h"

namespace spikeport::binding {

/**
 * Starts the job that finds trains, and has an object of class `SpikeTrains` get them. Resolves to whether they stay.
 *
 * @param used what the job uses, `into` among it
 * @param threads the most threads that may work on it
 */
Napi::Value start_finding(const std::shared_ptr<TrainsInPlace>& trains, const Napi::Value& into,
                          const Napi::Array& used, unsigned threads, const Napi::Value& on_progress);

/** `trainsInFile` of lib/engine/native-reading.ts. */
Napi::Value trains_in_file(const Napi::CallbackInfo& info);

}  // namespace spikeport::binding
