#include "binding/list_object.h"

#include <memory>
#include <type_traits>
#include <utility>

#include "binding/environment.h"
#include "binding/hdf5_reader.h"
#include "binding/plan_reader.h"
#include "binding/values.h"
#include "engine/thread_pool.h"

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
  if (is_taken_) throw Napi::RangeError::New(info.Env(), "Expected a list that was not handed over before.");
  const Values values(info, 0);
  Value element = values[0];
  for (std::uint32_t i = 0; i < values.count(); i++) {
    if (i > 0) element = element.next();
    // There can be a hundred thousand. Their surplus fields are found in short lists, which the same TypeScript makes
    // and which are read with the plan.
    const Place place{.env = info.Env(),
                      .name = kind<Element>.field,
                      .index = static_cast<std::int64_t>(elements_.size()),
                      .is_searched = false};
    elements_.push_back(read_fields(element, place, read_element<Element>));
  }
}

template <typename Element>
ListObject<Element>::~ListObject() {
  if (elements_.empty()) return;
  // Shared, because tasks are copyable.
  workers().post([elements = std::make_shared<std::vector<Element>>(std::move(elements_))] {});
}

template <typename Element>
bool ListObject<Element>::is(const Napi::Value& value) {
  return value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&kind<Element>.tag);
}

template <typename Element>
std::vector<Element> ListObject<Element>::take(Fields& plan, const char* key) {
  ListObject& list = *ListObject::Unwrap(plan.other(key).As<Napi::Object>());
  if (std::exchange(list.is_taken_, true)) plan.refuse(key, "a list that was not handed over before");
  return std::move(list.elements_);
}

template class ListObject<plain_files::Segment>;
template class ListObject<hdf5::Object>;

}  // namespace spikeport::binding
