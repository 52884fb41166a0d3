#include "binding/segments_object.h"

#include <utility>

#include "binding/environment.h"
#include "binding/plan_reader.h"

namespace spikeport::binding {

Napi::Function SegmentsObject::define(Napi::Env env) {
  return DefineClass(env, "Segments", {InstanceMethod("append", &SegmentsObject::append)});
}

SegmentsObject::SegmentsObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<SegmentsObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&Environment::segments_tag);
  segments_.reserve(info[0].As<Napi::Number>().Uint32Value());
}

void SegmentsObject::append(const Napi::CallbackInfo& info) {
  const auto segments = info[0].As<Napi::Array>();
  const std::uint32_t to = info[2].As<Napi::Number>().Uint32Value();
  FieldNames field_names(info.Env());
  for (std::uint32_t i = info[1].As<Napi::Number>().Uint32Value(); i < to; i++) {
    // There can be a hundred thousand. Their surplus fields are found in short lists, which the same TypeScript makes
    // and which are read with the plan.
    const Place place{.field_names = &field_names, .name = "segments", .index = i, .is_searched = false};
    segments_.push_back(read_fields(segments.Get(i), place, read_segment));
  }
}

std::optional<std::vector<plain_files::Segment>> SegmentsObject::take(const Napi::Value& object) {
  if (!object.IsObject() || !object.As<Napi::Object>().CheckTypeTag(&Environment::segments_tag)) return std::nullopt;
  return std::exchange(Unwrap(object.As<Napi::Object>())->segments_, {});
}

}  // namespace spikeport::binding
