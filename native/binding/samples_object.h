#pragma once

// Samples that stay in a file, as a JS object.

#include <napi.h>

#include <memory>
#include <utility>

#include "reading/sample_file.h"

namespace spikeport::binding {

/** The JS class `Samples` (NativeSamples of lib/engine/native-samples.ts). */
class SamplesObject : public Napi::ObjectWrap<SamplesObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SamplesObject(const Napi::CallbackInfo& info);

  /** The samples of an object of this class; null for any other value, and for samples that were not opened. */
  static std::shared_ptr<const SampleFile> samples_of(const Napi::Value& value);
  /** The object of this class that a JS value is; null for any other. */
  static SamplesObject* of(const Napi::Value& value);
  /** Takes samples that were opened in another way than by `open`. */
  void set_samples(std::shared_ptr<const SampleFile> samples) { samples_ = std::move(samples); }

 private:
  Napi::Value open(const Napi::CallbackInfo& info);

  std::shared_ptr<const SampleFile> samples_;
};

}  // namespace spikeport::binding
