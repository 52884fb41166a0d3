#pragma once

// Typed arrays: views of those that JavaScript passes in, and new ones over native memory.

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "kernels/element_type.h"

namespace spikeport::binding {

/** The elements of a typed array of numbers; none for any other value. */
std::optional<Numbers> numbers_of(const Napi::Value& value);

/** The elements of a typed array that is known to hold this type. */
template <typename T>
std::span<const T> elements_of(const Napi::Value& array) {
  const auto bytes = numbers_of(array).value().bytes;
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

// Arrays over memory that native code shares: it lives until both have let it go.
Napi::Float64Array shared_float64_array(Napi::Env env, const std::shared_ptr<double[]>& data, std::size_t count);
Napi::BigInt64Array shared_int64_array(Napi::Env env, const std::shared_ptr<std::int64_t[]>& data, std::size_t count);

}  // namespace spikeport::binding
