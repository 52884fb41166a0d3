#pragma once

#include <napi.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "job.h"

namespace spikeport::binding {

/**
 * What one JS environment (the main thread's or a worker's) has running here. Jobs work on the process's own threads
 * and come back through one queue per environment; when the environment ends, they are cancelled and waited for,
 * because the buffers they read end with it.
 */
class Environment {
 public:
  static constexpr napi_type_tag trains_tag{0x5b0f3d4be1c84d6eULL, 0x9a7c2f10d7e64b35ULL};
  static constexpr napi_type_tag segments_tag{0x2e6d91c07ab54f3fULL, 0xb1084e5f6c29d7a2ULL};

  /** Makes the environment's own, once. */
  static void create(Napi::Env env);
  static Environment& of(Napi::Env env);

  explicit Environment(Napi::Env env);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() = default;

  /** Turns what a job made into a JS value. Called on the JS thread. */
  using Result = std::function<Napi::Value(Napi::Env)>;
  /** What a job made, without the job itself. Called on the thread that ended it, which also takes it down. */
  using Outcome = std::function<Result()>;

  /** How JavaScript watches over a job. */
  struct Watch {
    /** What it is cancelled by; 0 for a job that is not. */
    double number = 0;
    /** Called on the JS thread with the bytes done and expected, a few times a second and at the end; may be empty. */
    Napi::Function on_progress;
  };

  /**
   * Starts a job. `keep` stays alive until it has ended, and with it the buffers the job reads.
   * @return a promise of the result; it rejects with a plain record of the failure (JobFailure in lib/binding.ts)
   */
  Napi::Value run(const std::shared_ptr<Job>& job, const Napi::Value& keep, Outcome outcome, const Watch& watch);

  /** Stops the job with this number, if it still runs. */
  void cancel(double number);

  /** Cancels all jobs and waits until none works any more; their promises stay open. Called on the JS thread. */
  void shut_down();

 private:
  struct Running;
  struct Event;

  static void deliver(Napi::Env env, Napi::Function callback, std::nullptr_t* context, Event* event);
  using Queue = Napi::TypedThreadSafeFunction<std::nullptr_t, Event, deliver>;

  /** Called by the constructor of promises, at once: takes over what settles the promise. */
  static void take_over(const Napi::CallbackInfo& info);
  /** A promise that a job settles. */
  Napi::Value promise_of(Napi::Env env, Running& running) const;
  static void report(Napi::Env env, Running& running);
  void post(Event* event);
  void settle(Napi::Env env, const std::shared_ptr<Running>& running);

  Queue queue_;
  /** JavaScript's constructor of promises. */
  Napi::FunctionReference promise_;
  /** Jobs whose promise is open; used on the JS thread only. */
  std::unordered_set<std::shared_ptr<Running>> running_;

  std::mutex mutex_;
  std::condition_variable idle_;
  unsigned working_ = 0;
};

}  // namespace spikeport::binding
