// Long lists of plans, which TypeScript hands over in steps before the plan itself.
#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "binding/fields.h"

#include "hdf5/model/plan.h"
#include "plain_files/plan.h"

namespace spikeport::binding {

/** The JS classes `Segments` and `Hdf5Objects` (NativeList in lib/engine/native-addon.ts). */
template <typename Element>
class ListObject : public Napi::ObjectWrap<ListObject<Element>> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ListObject(const Napi::CallbackInfo& info);
  ListObject(const ListObject&) = delete;
  ListObject& operator=(const ListObject&) = delete;
  /** A worker destroys what no job took: there can be many elements, and this is the JS thread. */
  ~ListObject() override;

  /** Whether this is a JS object of this class. */
  static bool is(const Napi::Value& value);
  /** The elements of the JS object of this class in a field. Refuses one whose elements were taken before. */
  static std::vector<Element> take(Fields& plan, const char* key);

 private:
  void append(const Napi::CallbackInfo& info);

  std::vector<Element> elements_;
  bool is_taken_ = false;
};

using Segments = ListObject<plain_files::Segment>;
using Hdf5Objects = ListObject<hdf5::Object>;

extern template class ListObject<plain_files::Segment>;
extern template class ListObject<hdf5::Object>;

}  // namespace spikeport::binding
