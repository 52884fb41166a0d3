#include "binding/folder_entries.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binding/environment.h"
#include "engine/job.h"
#include "engine/thread_pool.h"
#include "replacement/folder.h"

namespace spikeport::binding {

Napi::Value folder_entries(const Napi::CallbackInfo& info) {
  const auto found = std::make_shared<std::optional<std::string>>();
  const auto look = [found, path = info[0].As<Napi::String>().Utf8Value(), despite_lock = info[1].ToBoolean().Value()](
                        Job& /*job*/, unsigned /*participant*/) {
    if (const auto entries = entries_at(path, despite_lock)) *found = text_of(*entries);
    return false;
  };
  const auto job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = look}});
  const auto outcome = [found]() -> Environment::Result {
    return [found](Napi::Env env) -> Napi::Value {
      if (!*found) return env.Undefined();
      const std::string& text = **found;
      return Napi::Buffer<char>::Copy(env, text.data(), text.size());
    };
  };
  return Environment::of(info.Env()).run(job, Napi::Object::New(info.Env()), outcome, {});
}

}  // namespace spikeport::binding
