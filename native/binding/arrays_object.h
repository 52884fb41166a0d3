#pragma once

#include <napi.h>

#include <memory>

#include "sources/joined_arrays.h"

namespace spikeport::binding {

/** The JS class `Arrays` (NativeArrays in lib/engine/native-addon.ts). */
class ArraysObject : public Napi::ObjectWrap<ArraysObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ArraysObject(const Napi::CallbackInfo& info);

  /** The arrays of a JS object of class `Arrays`; none for any other value. */
  static std::shared_ptr<const ArrayList> list_of(const Napi::Value& object);

 private:
  void append(const Napi::CallbackInfo& info);

  /** Shared by jobs. It must not change once a plan refers to it. */
  std::shared_ptr<ArrayList> arrays_ = std::make_shared<ArrayList>();
};

}  // namespace spikeport::binding
