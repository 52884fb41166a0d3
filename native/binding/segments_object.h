#pragma once

// Byte segments that JavaScript hands over in several calls, before the plan.

#include <napi.h>

#include <optional>
#include <vector>

#include "plain_files/plan.h"

namespace spikeport::binding {

/** The JS class `Segments` (NativeSegments in lib/engine/native.ts). */
class SegmentsObject : public Napi::ObjectWrap<SegmentsObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SegmentsObject(const Napi::CallbackInfo& info);

  /** The segments of a JS object of class `Segments`, which has none from then on; none for any other value. */
  static std::optional<std::vector<plain_files::Segment>> take(const Napi::Value& object);

 private:
  void append(const Napi::CallbackInfo& info);

  std::vector<plain_files::Segment> segments_;
};

}  // namespace spikeport::binding
