#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

namespace spikeport::binding {

// The fields of plans. Plans come from our own TypeScript: what they name is there.

inline std::string text(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::String>(); }

inline double number(const Napi::Object& object, const char* key) {
  return object.Get(key).As<Napi::Number>().DoubleValue();
}

inline std::uint64_t count(const Napi::Object& object, const char* key) {
  return static_cast<std::uint64_t>(number(object, key));
}

inline Napi::Object object(const Napi::Object& parent, const char* key) { return parent.Get(key).As<Napi::Object>(); }

/** Calls `visit` with each element of an array; without one, not at all. */
template <typename Visit>
void for_each(const Napi::Value& array, Visit visit) {
  if (!array.IsArray()) return;
  const auto elements = array.As<Napi::Array>();
  for (std::uint32_t i = 0; i < elements.Length(); i++) {
    const Napi::HandleScope scope(array.Env());
    visit(elements.Get(i));
  }
}

[[noreturn]] inline void throw_unknown(const Napi::Env& env, const std::string& what, const std::string& name) {
  throw Napi::Error::New(env, "Unknown " + what + " in a plan: " + name);
}

}  // namespace spikeport::binding
