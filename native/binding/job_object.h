#pragma once

#include <napi.h>

#include <memory>

#include "engine/job.h"

namespace spikeport::binding {

/** The JS class `Job` (NativeJob in lib/engine/native.ts): its constructor starts a job, and the object is the job's
 * handle.
 */
class JobObject : public Napi::ObjectWrap<JobObject> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit JobObject(const Napi::CallbackInfo& info);

 private:
  void cancel(const Napi::CallbackInfo& info);

  /** Weak, so that the thread that ends a large job destroys it, and not the JS thread. */
  std::weak_ptr<Job> job_;
};

}  // namespace spikeport::binding
