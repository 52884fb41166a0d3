#pragma once

// Native objects that JavaScript only hands back.

#include <napi.h>

#include <memory>
#include <utility>

namespace spikeport::binding {

/** An object for JavaScript to keep. */
template <typename T>
Napi::External<std::shared_ptr<T>> handed_out(Napi::Env env, std::shared_ptr<T> object, const napi_type_tag& tag) {
  const auto release = [](Napi::Env /*env*/, std::shared_ptr<T>* held) { delete held; };
  auto owner = std::make_unique<std::shared_ptr<T>>(std::move(object));
  auto external = Napi::External<std::shared_ptr<T>>::New(env, owner.get(), release);
  // Only now does the object own it.
  static_cast<void>(owner.release());
  external.TypeTag(&tag);  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): JavaScript owns it.
  return external;
}

/** The object with this tag; null for any other value. */
template <typename T>
std::shared_ptr<T> handed_back(const Napi::Value& value, const napi_type_tag& tag) {
  const auto external = value.As<Napi::External<std::shared_ptr<T>>>();
  if (!value.IsExternal() || !external.CheckTypeTag(&tag)) return nullptr;
  return *external.Data();
}

}  // namespace spikeport::binding
