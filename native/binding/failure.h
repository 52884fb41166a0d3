#pragma once

// Failures of jobs as plain JS records.

#include <napi.h>

#include <exception>

namespace spikeport::binding {

/** The record of a failure (JobFailure in lib/engine/native-addon.ts). */
Napi::Value failure_record(Napi::Env env, const std::exception_ptr& failure);

}  // namespace spikeport::binding
