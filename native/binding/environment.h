#pragma once

// The jobs of one JS environment: starting, progress, promises, cancellation, shutdown.

#include <napi.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/job.h"
#include "hdf5/model/begun_file.h"

namespace spikeport::binding {

/** Several values as one, for a job to keep alive. */
Napi::Array kept(Napi::Env env, std::initializer_list<Napi::Value> values);

/** A function that may be missing. */
Napi::Function function_in(const Napi::Value& value);

/**
 * What one JS environment (the main thread's or a worker's) has running here. Jobs work on the process's own threads
 * and come back through one queue per environment; when the environment ends, they are cancelled and waited for,
 * because the buffers they read end with it.
 */
class Environment {
 public:
  static constexpr napi_type_tag spike_trains_tag{0x5b0f3d4be1c84d6eULL, 0x9a7c2f10d7e64b35ULL};
  static constexpr napi_type_tag segments_tag{0x2e6d91c07ab54f3fULL, 0xb1084e5f6c29d7a2ULL};
  static constexpr napi_type_tag hdf5_objects_tag{0x7c41b85de02f4a96ULL, 0x93d5f7a60b1e42c8ULL};
  static constexpr napi_type_tag arrays_tag{0x8c41f7a25de04b93ULL, 0xa6d30e9b17f2584cULL};

  /** Creates the Environment of a JS environment. Called once, when the addon is loaded there. */
  static void create(Napi::Env env);
  static Environment& of(Napi::Env env);

  explicit Environment(Napi::Env env);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() = default;

  /** Turns the job's result into a JS value. Called on the JS thread. */
  using Result = std::function<Napi::Value(Napi::Env)>;
  /** The job's result, without the job itself. Called on the thread that ended it, which also destroys it. */
  using Outcome = std::function<Result()>;
  /** The outcome of a job without a result. */
  static Result no_result() {
    return [](Napi::Env env) { return env.Undefined(); };
  }

  /**
   * Starts a job. `keep` stays alive until it has ended, and with it the buffers the job reads.
   * @param on_progress called on the JS thread with the bytes done and expected, a few times a second and at the end;
   * may be empty
   * @return a promise of the result; it rejects with a plain record of the failure (JobFailure in
   * lib/engine/native-addon.ts)
   */
  Napi::Value run(const std::shared_ptr<Job>& job, const Napi::Value& keep, Outcome outcome,
                  const Napi::Function& on_progress);

  /** The same as `run`, with a handle: an object with the `promise`, and the `id` that `cancel` takes (NativeJob in
   * lib/engine/native-addon.ts).
   */
  Napi::Value start(const std::shared_ptr<Job>& job, const Napi::Value& keep, Outcome outcome,
                    const Napi::Function& on_progress);

  /** The number by which encoded plans refer to the name of a field. */
  std::size_t field_number(const std::string& name);
  /** The name of a field with this number; empty if there is none. */
  [[nodiscard]] std::string_view field_name(std::size_t number) const {
    return number < field_names_.size() ? std::string_view(field_names_[number]) : std::string_view();
  }

  /** Cancels a job, if it still runs. Called on the JS thread. */
  void cancel(std::uint64_t id);

  /** Has a file that was begun discarded when the environment ends before an export has taken it. */
  void watch(const std::shared_ptr<hdf5::BegunFile>& file);

  /** Cancels all jobs and waits until none works any more; their promises stay open. Called on the JS thread. */
  void shut_down();

 private:
  struct Running;

  /** News of a job for the JS thread: progress, or its end. */
  struct Event {
    std::shared_ptr<Running> running;
    bool ended;
  };

  static void wake(Napi::Env env, Napi::Function callback, Environment* environment, void* data);
  using WakeUp = Napi::TypedThreadSafeFunction<Environment, void, wake>;

  /** Called by the constructor of promises, at once: takes over what settles the promise. */
  void take_over(const Napi::CallbackInfo& info);
  /** A promise that a job settles. */
  Napi::Value promise_of(Running& running);
  /** Leaves an event for the JS thread. */
  void post(Event event);
  /** Delivers the events that one turn of the event loop may have, and leaves the others to the next turn. */
  void deliver(Napi::Env env);
  std::vector<Event> take_events();
  static void report(Napi::Env env, Running& running);
  void settle(Napi::Env env, const std::shared_ptr<Running>& running);

  WakeUp wake_up_;
  /** By their numbers: the few dozen that plans have. */
  std::vector<std::string> field_names_;
  /** JavaScript's constructor of promises. */
  Napi::FunctionReference promise_;
  /** The executor of promises, one for all jobs: one for each would have to be destroyed on the JS thread. */
  Napi::FunctionReference executor_;
  /** The job whose promise is being made. */
  Running* promised_ = nullptr;
  /** JavaScript's `setImmediate`, and the function it is given: delivers events in a new turn of the event loop. */
  Napi::FunctionReference set_immediate_;
  Napi::FunctionReference deliver_;
  /** How many events were delivered since the last turn that is known to have ended. */
  std::size_t delivered_ = 0;
  /** Jobs whose promise is open, by their id; used on the JS thread only. */
  std::unordered_map<std::uint64_t, std::shared_ptr<Running>> running_;
  std::vector<std::weak_ptr<hdf5::BegunFile>> begun_;
  /** Ids are numbers from 1 on. */
  std::uint64_t last_id_ = 0;

  std::mutex mutex_;
  std::condition_variable idle_;
  unsigned working_ = 0;
  /** What the JS thread does not know yet. */
  std::deque<Event> events_;
  /** Whether the JS thread will take events without being woken. */
  bool is_delivering_ = false;
};

}  // namespace spikeport::binding
