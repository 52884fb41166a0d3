#include "binding/hdf5_description.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "binding/reading.h"

namespace spikeport::binding {
namespace {

using hdf5::AttributeValue;
using hdf5::Description;
using hdf5::StoredDataset;
using hdf5::StoredType;

Napi::Array to_js(Napi::Env env, const std::vector<std::uint64_t>& numbers) {
  auto array = Napi::Array::New(env, numbers.size());
  for (std::uint32_t i = 0; i < numbers.size(); i++) array[i] = static_cast<double>(numbers[i]);
  return array;
}

const char* name_of(StoredType::Kind kind) {
  switch (kind) {
    case StoredType::Kind::number:
      return "number";
    case StoredType::Kind::boolean:
      return "boolean";
    case StoredType::Kind::enumeration:
      return "enumeration";
    case StoredType::Kind::text:
      return "text";
    case StoredType::Kind::reference:
      return "reference";
    case StoredType::Kind::other:
      break;
  }
  return "other";
}

Napi::Object to_js(Napi::Env env, const StoredType& type, bool has_names) {
  auto object = Napi::Object::New(env);
  object["kind"] = name_of(type.kind);
  if (type.is_numeric()) object["dtype"] = dtype_of(type.elements);
  if (has_names && type.kind == StoredType::Kind::enumeration) {
    auto names = Napi::Array::New(env, type.names.size());
    for (std::uint32_t i = 0; i < type.names.size(); i++) {
      auto pair = Napi::Array::New(env, 2);
      pair[0U] = type.names[i].first;
      pair[1U] = static_cast<double>(type.names[i].second);
      names[i] = pair;
    }
    object["names"] = names;
  }
  return object;
}

template <typename Array>
Napi::Value array_of(Napi::Env env, const std::vector<std::byte>& bytes) {
  auto array = Array::New(env, bytes.size() / sizeof(*Array::New(env, 0).Data()));
  std::memcpy(array.Data(), bytes.data(), bytes.size());
  return array;
}

Napi::Value numbers_to_js(Napi::Env env, ElementType type, const std::vector<std::byte>& bytes) {
  switch (type) {
    case ElementType::i8:
      return array_of<Napi::Int8Array>(env, bytes);
    case ElementType::u8:
      return array_of<Napi::Uint8Array>(env, bytes);
    case ElementType::i16:
      return array_of<Napi::Int16Array>(env, bytes);
    case ElementType::u16:
      return array_of<Napi::Uint16Array>(env, bytes);
    case ElementType::i32:
      return array_of<Napi::Int32Array>(env, bytes);
    case ElementType::u32:
      return array_of<Napi::Uint32Array>(env, bytes);
    case ElementType::i64:
      return array_of<Napi::BigInt64Array>(env, bytes);
    case ElementType::u64:
      return array_of<Napi::BigUint64Array>(env, bytes);
    case ElementType::f32:
      return array_of<Napi::Float32Array>(env, bytes);
    case ElementType::f64:
      break;
  }
  return array_of<Napi::Float64Array>(env, bytes);
}

Napi::Object to_js(Napi::Env env, const AttributeValue& attribute) {
  auto object = Napi::Object::New(env);
  object["name"] = attribute.name;
  object["type"] = to_js(env, attribute.type, false);
  object["shape"] = to_js(env, attribute.shape);
  if (attribute.is_null || attribute.type.kind == StoredType::Kind::other) return object;
  if (attribute.packed) {
    object["packed"] = binding::to_js(env, attribute.packed);
    return object;
  }
  if (attribute.type.is_numeric()) {
    object["data"] = numbers_to_js(env, attribute.type.elements.type, attribute.numbers);
    return object;
  }
  auto texts = Napi::Array::New(env, attribute.texts.size());
  for (std::uint32_t i = 0; i < attribute.texts.size(); i++) texts[i] = attribute.texts[i];
  object["data"] = texts;
  return object;
}

void add_dataset(Napi::Env env, Napi::Object& object, const StoredDataset& dataset) {
  static constexpr const char* layouts[] = {"contiguous", "compact", "chunked"};
  object["type"] = to_js(env, dataset.type, true);
  object["shape"] = to_js(env, dataset.shape);
  object["isNull"] = dataset.is_null;
  object["layout"] = layouts[static_cast<std::size_t>(dataset.layout)];
  object["chunk"] = to_js(env, dataset.chunk);
  object["bytes"] = static_cast<double>(dataset.count()) * static_cast<double>(dataset.type.size);
  object["isCompressed"] = dataset.is_compressed();
  static constexpr const char* filters[] = {"deflate", "shuffle", "fletcher32", "szip"};
  auto names = Napi::Array::New(env, dataset.filters.size());
  for (std::uint32_t i = 0; i < dataset.filters.size(); i++) {
    names[i] = filters[static_cast<std::size_t>(dataset.filters[i].kind)];
  }
  object["filters"] = names;
  const std::string& problem = dataset.problem.empty() ? dataset.excess : dataset.problem;
  if (!problem.empty()) object["problem"] = problem;
}

}  // namespace

std::string dtype_of(const kernels::StoredElements& elements) {
  static constexpr const char* names[] = {"i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"};
  const char* name = elements.is_half ? "f2" : names[static_cast<std::size_t>(elements.type)];
  std::string dtype(1, size_of(elements) == 1 ? '|' : elements.is_big_endian ? '>' : '<');
  return dtype += name;
}

Napi::Value to_js(Napi::Env env, const Description& description) {
  if (description.kind == Description::Kind::missing) return env.Undefined();
  auto object = Napi::Object::New(env);
  static constexpr const char* kinds[] = {"missing", "group", "dataset", "datatype"};
  object["kind"] = kinds[static_cast<std::size_t>(description.kind)];
  object["address"] = static_cast<double>(description.address);
  object["attributes"] = to_js(env, description.attributes);
  if (description.kind == Description::Kind::dataset) add_dataset(env, object, description.dataset);
  return object;
}

Napi::Array to_js(Napi::Env env, const std::vector<AttributeValue>& attributes) {
  auto array = Napi::Array::New(env, attributes.size());
  for (std::uint32_t i = 0; i < attributes.size(); i++) array[i] = to_js(env, attributes[i]);
  return array;
}

}  // namespace spikeport::binding
