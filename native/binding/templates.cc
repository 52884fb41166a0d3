#include "binding/templates.h"

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

Napi::Value common_labels(const Napi::CallbackInfo& info) {
  const auto numbers = [&](std::size_t i) {
    const Numbers given = numbers_of(info[i]).value();
    return SpikeNumbers{.type = given.type, .bytes = given.bytes};
  };
  LabelRequest request{.units = numbers(0),
                       .labels = numbers(1),
                       .rows = elements_of<std::int32_t>(info[2]),
                       .label_count = static_cast<std::size_t>(info[3].As<Napi::Number>().Int64Value())};
  // A length from JavaScript is never trusted for an access to memory.
  if (request.units.count() != request.labels.count()) {
    throw Napi::RangeError::New(info.Env(), "Expected a label for every spike.");
  }
  auto chosen = info[4].As<Napi::Int32Array>();
  request.ranges = useful_threads(request.labels.bytes.size(), {.threads = workers().size()});
  const auto labels = std::make_shared<CommonLabels>(request, std::span(chosen.Data(), chosen.ElementLength()));
  const auto job = std::make_shared<Job>(std::vector<Stage>{
      {.threads = workers(),
       .work = [labels](Job& /*job*/, unsigned range) { return labels->count(range); },
       .participants = request.ranges},
      {.threads = workers(), .work = [labels](Job& /*job*/, unsigned /*participant*/) { return labels->choose(); }},
  });
  const auto outcome = [labels]() -> Environment::Result {
    return [problem = labels->problem()](Napi::Env env) -> Napi::Value {
      return problem ? Napi::Number::New(env, static_cast<double>(*problem)) : env.Undefined();
    };
  };
  auto keep = Napi::Array::New(info.Env());
  for (const std::uint32_t i : {0U, 1U, 2U, 4U}) keep[i] = info[i];
  return Environment::of(info.Env()).start(job, keep, outcome, {});
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
  const auto outcome = []() -> Environment::Result { return [](Napi::Env env) { return env.Undefined(); }; };
  auto keep = Napi::Array::New(info.Env());
  keep[0U] = info[0];
  keep[1U] = info[2];
  return Environment::of(info.Env()).start(job, keep, outcome, {});
}

}  // namespace spikeport::binding
