#include "binding/templates.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "binding/arrays.h"
#include "binding/environment.h"
#include "engine/export_job.h"
#include "engine/job.h"
#include "engine/thread_pool.h"
#include "kernels/largest_column.h"
#include "spikes/common_labels.h"

namespace spikeport::binding {

Napi::Function CommonLabelsObject::define(Napi::Env env) {
  return DefineClass(
      env, "CommonLabels",
      {InstanceMethod("count", &CommonLabelsObject::count), InstanceMethod("choose", &CommonLabelsObject::choose)});
}

CommonLabelsObject::CommonLabelsObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<CommonLabelsObject>(info), rows_(Napi::Persistent(info[0].As<Napi::Object>())) {
  const auto size = [&](std::size_t i) { return static_cast<std::size_t>(info[i].As<Napi::Number>().Int64Value()); };
  LabelRequest request{
      .rows = elements_of<std::int32_t>(info[0]), .row_count = size(1), .label_count = size(2), .spike_count = size(3)};
  request.ranges = useful_threads(request.spike_count * sizeof(std::int32_t), {.threads = workers().size()});
  labels_ = std::make_shared<CommonLabels>(request);
}

Napi::Value CommonLabelsObject::count(const Napi::CallbackInfo& info) {
  const Numbers units = numbers_of(info[0]).value();
  const Numbers labels = numbers_of(info[1]).value();
  // A length from JavaScript is never trusted for an access to memory.
  if (units.count() != labels.count()) throw Napi::RangeError::New(info.Env(), "Expected a label for every spike.");
  labels_->begin(units, labels);
  const auto work = [counted = labels_](Job& /*job*/, unsigned range) { return counted->count(range); };
  const auto job = std::make_shared<Job>(
      std::vector<Stage>{{.threads = workers(), .work = work, .participants = labels_->ranges()}});
  const auto outcome = [counted = labels_]() -> Environment::Result {
    return [problem = counted->problem()](Napi::Env env) -> Napi::Value {
      return problem ? Napi::Number::New(env, static_cast<double>(*problem)) : env.Undefined();
    };
  };
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info.This(), info[0], info[1]}), outcome, {});
}

Napi::Value CommonLabelsObject::choose(const Napi::CallbackInfo& info) {
  auto array = info[0].As<Napi::Int32Array>();
  const std::span<std::int32_t> chosen(array.Data(), std::min(array.ElementLength(), labels_->row_count()));
  const auto next = std::make_shared<std::size_t>(0);
  const auto work = [counted = labels_, chosen, next](Job& /*job*/, unsigned /*participant*/) {
    if (*next < chosen.size()) chosen[*next] = counted->most_common(*next);
    return ++*next < chosen.size();
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = work}});
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info.This(), info[0]}), Environment::no_result, {});
}

Napi::Value largest_columns(const Napi::CallbackInfo& info) {
  const Numbers matrices = numbers_of(info[0]).value();
  const auto columns = static_cast<std::size_t>(info[1].As<Napi::Number>().Int64Value());
  auto array = info[2].As<Napi::Int32Array>();
  const std::span<std::int32_t> chosen(array.Data(), array.ElementLength());
  // A length from JavaScript is never trusted for an access to memory.
  const std::size_t size = chosen.empty() ? 0 : matrices.bytes.size() / chosen.size();
  const auto next = std::make_shared<std::atomic<std::size_t>>(0);
  const auto work = [matrices, columns, chosen, size, next](Job& /*job*/, unsigned /*participant*/) {
    const std::size_t matrix = next->fetch_add(1);
    if (matrix >= chosen.size()) return false;
    chosen[matrix] = kernels::largest_column(matrices.type, matrices.bytes.subspan(matrix * size, size), columns);
    return true;
  };
  const unsigned threads = useful_threads(matrices.bytes.size(), {.threads = workers().size()});
  const auto job =
      std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = work, .participants = threads}});
  return Environment::of(info.Env()).start(job, kept(info.Env(), {info[0], info[2]}), Environment::no_result, {});
}

}  // namespace spikeport::binding
