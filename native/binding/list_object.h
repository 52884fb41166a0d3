// Long lists of plans, which TypeScript hands over in steps before the plan itself.
#pragma once

#include <napi.h>

#include <optional>
#include <vector>

#include "hdf5/model/plan.h"
#include "plain_files/plan.h"

namespace spikeport::binding {

/** The JS classes `Segments` and `Hdf5Objects` (NativeList in lib/engine/native.ts). */
template <typename Element>
class ListObject : public Napi::ObjectWrap<ListObject<Element>> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ListObject(const Napi::CallbackInfo& info);

  /** The elements of a JS object of this class, which has none from then on; none for any other value. */
  static std::optional<std::vector<Element>> take(const Napi::Value& object);

 private:
  void append(const Napi::CallbackInfo& info);

  std::vector<Element> elements_;
};

using Segments = ListObject<plain_files::Segment>;
using Hdf5Objects = ListObject<hdf5::Object>;

extern template class ListObject<plain_files::Segment>;
extern template class ListObject<hdf5::Object>;

}  // namespace spikeport::binding
