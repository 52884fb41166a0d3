#include "binding/arrays.h"

#include <memory>

namespace spikeport::binding {
namespace {

template <typename Array, typename T>
Array shared_array(Napi::Env env, const std::shared_ptr<T[]>& data, std::size_t count) {
  if (count == 0) return Array::New(env, 0);
  auto owner = std::make_unique<std::shared_ptr<T[]>>(data);
  const auto release = [](Napi::Env /*env*/, void* /*data*/, std::shared_ptr<T[]>* shared) { delete shared; };
  const auto buffer = Napi::ArrayBuffer::New(env, data.get(), count * sizeof(T), release, owner.get());
  // Only now does the buffer own it: without external buffers, as in Electron, the line before throws.
  static_cast<void>(owner.release());
  return Array::New(env, count, buffer, 0);
}

std::optional<ElementType> element_type_of(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array:
      return ElementType::i8;
    case napi_uint8_array:
    case napi_uint8_clamped_array:
      return ElementType::u8;
    case napi_int16_array:
      return ElementType::i16;
    case napi_uint16_array:
      return ElementType::u16;
    case napi_int32_array:
      return ElementType::i32;
    case napi_uint32_array:
      return ElementType::u32;
    case napi_bigint64_array:
      return ElementType::i64;
    case napi_biguint64_array:
      return ElementType::u64;
    case napi_float32_array:
      return ElementType::f32;
    case napi_float64_array:
      return ElementType::f64;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Numbers> numbers_of(const Napi::Value& value) {
  napi_typedarray_type array_type{};
  void* data = nullptr;
  std::size_t count = 0;
  const napi_status status = napi_get_typedarray_info(value.Env(), value, &array_type, &count, &data, nullptr, nullptr);
  if (status != napi_ok) return std::nullopt;
  const auto type = element_type_of(array_type);
  if (!type) return std::nullopt;
  return Numbers{*type, {static_cast<const std::byte*>(data), count * size_of(*type)}};
}

Napi::Float64Array shared_float64_array(Napi::Env env, const std::shared_ptr<double[]>& data, std::size_t count) {
  return shared_array<Napi::Float64Array>(env, data, count);
}

Napi::BigInt64Array shared_int64_array(Napi::Env env, const std::shared_ptr<std::int64_t[]>& data, std::size_t count) {
  return shared_array<Napi::BigInt64Array>(env, data, count);
}

}  // namespace spikeport::binding
