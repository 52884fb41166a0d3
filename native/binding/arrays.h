#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "kernels/element_type.h"

namespace spikeport::binding {

/** The element type of a typed array of numbers. */
ElementType element_type_of(const Napi::TypedArray& array);

/** The bytes of a typed array. */
std::span<const std::byte> bytes_of(const Napi::TypedArray& array);

/** The elements of a typed array that is known to hold this type. */
template <typename T>
std::span<const T> elements_of(const Napi::Value& array) {
  const auto bytes = bytes_of(array.As<Napi::TypedArray>());
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

/** A Float64Array over memory that native code shares: it lives until both have let it go. */
Napi::Float64Array shared_float64_array(Napi::Env env, const std::shared_ptr<double[]>& data, std::size_t count);

}  // namespace spikeport::binding
