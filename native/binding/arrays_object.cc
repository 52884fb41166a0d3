#include "binding/arrays_object.h"

#include "binding/arrays.h"
#include "binding/environment.h"

namespace spikeport::binding {

Napi::Function ArraysObject::define(Napi::Env env) {
  return DefineClass(env, "Arrays", {InstanceMethod("append", &ArraysObject::append)});
}

ArraysObject::ArraysObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ArraysObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&Environment::arrays_tag);
  arrays_->reserve(info[0].As<Napi::Number>().Uint32Value());
}

void ArraysObject::append(const Napi::CallbackInfo& info) {
  const auto arrays = info[0].As<Napi::Array>();
  const std::uint32_t to = info[2].As<Napi::Number>().Uint32Value();
  for (std::uint32_t i = info[1].As<Napi::Number>().Uint32Value(); i < to; i++) {
    const Napi::HandleScope scope(info.Env());
    const auto numbers = numbers_of(arrays.Get(i));
    if (!numbers || !arrays_->append(numbers->type, numbers->bytes)) {
      throw Napi::TypeError::New(info.Env(), "Expected typed arrays of one class.");
    }
  }
}

std::shared_ptr<const ArrayList> ArraysObject::list_of(const Napi::Value& object) {
  if (!object.IsObject() || !object.As<Napi::Object>().CheckTypeTag(&Environment::arrays_tag)) return nullptr;
  return Unwrap(object.As<Napi::Object>())->arrays_;
}

}  // namespace spikeport::binding
