#include "binding/list_object.h"

#include <type_traits>
#include <utility>

#include "binding/environment.h"
#include "binding/hdf5_reader.h"
#include "binding/plan_reader.h"

namespace spikeport::binding {
namespace {

/** What distinguishes the lists of each kind of elements. */
struct Kind {
  const char* class_name;
  /** The field of the plan. */
  const char* field;
  napi_type_tag tag;
};

template <typename Element>
constexpr Kind kind =
    std::is_same_v<Element, hdf5::Object> ? Kind{"Hdf5Objects", "objects", Environment::hdf5_objects_tag}
                                          : Kind{"Segments", "segments", Environment::segments_tag};

template <typename Element>
Element read_element(Fields& fields) {
  if constexpr (std::is_same_v<Element, hdf5::Object>) {
    return read_hdf5_object(fields);
  } else {
    return read_segment(fields);
  }
}

}  // namespace

template <typename Element>
Napi::Function ListObject<Element>::define(Napi::Env env) {
  return ListObject::DefineClass(env, kind<Element>.class_name,
                                 {ListObject::InstanceMethod("append", &ListObject::append)});
}

template <typename Element>
ListObject<Element>::ListObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ListObject>(info) {
  info.This().As<Napi::Object>().TypeTag(&kind<Element>.tag);
  elements_.reserve(info[0].As<Napi::Number>().Uint32Value());
}

template <typename Element>
void ListObject<Element>::append(const Napi::CallbackInfo& info) {
  const auto elements = info[0].As<Napi::Array>();
  const std::uint32_t to = info[2].As<Napi::Number>().Uint32Value();
  FieldNames field_names(info.Env());
  for (std::uint32_t i = info[1].As<Napi::Number>().Uint32Value(); i < to; i++) {
    // There can be a hundred thousand. Their surplus fields are found in short lists, which the same TypeScript makes
    // and which are read with the plan.
    const Place place{.field_names = &field_names, .name = kind<Element>.field, .index = i, .is_searched = false};
    elements_.push_back(read_fields(elements.Get(i), place, read_element<Element>));
  }
}

template <typename Element>
std::optional<std::vector<Element>> ListObject<Element>::take(const Napi::Value& object) {
  if (!object.IsObject() || !object.As<Napi::Object>().CheckTypeTag(&kind<Element>.tag)) return std::nullopt;
  return std::exchange(ListObject::Unwrap(object.As<Napi::Object>())->elements_, {});
}

template class ListObject<plain_files::Segment>;
template class ListObject<hdf5::Object>;

}  // namespace spikeport::binding
