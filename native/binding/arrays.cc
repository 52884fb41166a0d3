#include "binding/arrays.h"

namespace spikeport::binding {

ElementType element_type_of(const Napi::TypedArray& array) {
  switch (array.TypedArrayType()) {
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
      throw Napi::TypeError::New(array.Env(), "Expected a typed array of numbers.");
  }
}

std::span<const std::byte> bytes_of(const Napi::TypedArray& array) {
  void* data = nullptr;
  std::size_t length = 0;
  const napi_status status = napi_get_typedarray_info(array.Env(), array, nullptr, &length, &data, nullptr, nullptr);
  if (status != napi_ok) throw Napi::Error::New(array.Env());
  return {static_cast<const std::byte*>(data), length * array.ElementSize()};
}

Napi::Float64Array shared_float64_array(Napi::Env env, const std::shared_ptr<double[]>& data, std::size_t count) {
  if (count == 0) return Napi::Float64Array::New(env, 0);
  auto* const owner = new std::shared_ptr<double[]>(data);
  const auto release = [](Napi::Env /*env*/, void* /*data*/, std::shared_ptr<double[]>* shared) { delete shared; };
  const auto buffer = Napi::ArrayBuffer::New(env, data.get(), count * sizeof(double), release, owner);
  return Napi::Float64Array::New(env, count, buffer, 0);
}

}  // namespace spikeport::binding
