#include "binding/job_object.h"

#include <algorithm>
#include <cstdint>

#include "binding/environment.h"
#include "binding/plan_reader.h"
#include "engine/thread_pool.h"

namespace spikeport::binding {
namespace {

ExportSettings settings_from(const Napi::Object& value) {
  const std::uint32_t threads = value.Get("threads").As<Napi::Number>().Uint32Value();
  return {.durable = value.Get("durable").ToBoolean(),
          .threads = threads == 0 ? workers().size() : std::min(threads, workers().size())};
}

}  // namespace

Napi::Function JobObject::define(Napi::Env env) {
  return DefineClass(env, "Job", {InstanceMethod("cancel", &JobObject::cancel)});
}

JobObject::JobObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<JobObject>(info) {
  const auto plan = info[0].As<Napi::Object>();
  const auto settings = info[1].As<Napi::Object>();
  const auto [job, result] = export_job_for(plan, settings_from(settings));
  const auto outcome = [result = result]() -> Environment::Result {
    return
        [bytes = static_cast<double>(result->bytes_written)](Napi::Env env) { return Napi::Number::New(env, bytes); };
  };
  const Napi::Value on_progress = settings.Get("onProgress");
  job_ = job;
  info.This().As<Napi::Object>()["promise"] =
      Environment::of(info.Env())
          .run(job, plan, outcome, on_progress.IsFunction() ? on_progress.As<Napi::Function>() : Napi::Function());
}

void JobObject::cancel(const Napi::CallbackInfo& /*info*/) {
  if (const auto job = job_.lock()) job->cancel();
}

}  // namespace spikeport::binding
