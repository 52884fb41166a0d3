#include "binding/start_export.h"

#include <algorithm>
#include <cstdint>

#include "binding/environment.h"
#include "binding/plan_reader.h"
#include "engine/thread_pool.h"

namespace spikeport::binding {
namespace {

/** Settings of lib/engine/plan/plan.ts. */
struct Settings {
  ExportSettings job;
  /** Empty where there is none. */
  Napi::Function on_progress;
};

Settings read_settings(Fields& fields) {
  Settings settings;
  settings.job.durable = fields.flag("durable");
  const std::uint64_t threads = fields.count("threads");
  settings.job.threads =
      threads == 0 ? workers().size() : static_cast<unsigned>(std::min<std::uint64_t>(threads, workers().size()));
  if (fields.has("onProgress")) {
    const Napi::Value on_progress = fields.other("onProgress");
    if (!on_progress.IsFunction()) fields.refuse_type("onProgress", "a function");
    settings.on_progress = on_progress.As<Napi::Function>();
  }
  return settings;
}

}  // namespace

Napi::Value start_export(const Napi::CallbackInfo& info) {
  const Napi::Value plan = info[0];
  const Values values(info, 1);
  const Settings settings = read_root(info.Env(), values[1], "settings", read_settings);
  const auto [job, result] = export_job_for(info.Env(), values[0], settings.job);
  const auto outcome = [result = result]() -> Environment::Result {
    return
        [bytes = static_cast<double>(result->bytes_written)](Napi::Env env) { return Napi::Number::New(env, bytes); };
  };
  return Environment::of(info.Env()).start(job, plan, outcome, settings.on_progress);
}

}  // namespace spikeport::binding
