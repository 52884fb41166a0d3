#include "binding/environment.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <utility>

#include "binding/failure.h"

namespace spikeport::binding {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Clock::duration progress_interval = std::chrono::milliseconds(100);

}  // namespace

/** A job and the JS side of it. The references are used on the JS thread only. */
struct Environment::Running {
  Running(Napi::Env env, std::shared_ptr<Job> started) : job(std::move(started)), deferred(env) {}

  void let_go() {
    keep.Reset();
    on_progress.Reset();
  }

  std::uint32_t number = 0;
  std::shared_ptr<Job> job;
  Napi::Promise::Deferred deferred;
  Napi::Reference<Napi::Value> keep;
  Napi::FunctionReference on_progress;
  Result result;
  std::exception_ptr failure;
  std::atomic<Clock::rep> next_progress = 0;
  std::atomic<bool> progress_waits = false;
};

/** News of a job for the JS thread. */
struct Environment::Event {
  Environment* environment;
  std::shared_ptr<Running> running;
  bool ended;
};

void Environment::create(Napi::Env env) {
  env.SetInstanceData(new Environment(env));
  env.AddCleanupHook([](Environment* environment) { environment->shut_down(); }, env.GetInstanceData<Environment>());
}

Environment& Environment::of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

Environment::Environment(Napi::Env env) : queue_(Queue::New(env, "spikeport", 0, 1)) { queue_.Unref(env); }

Napi::Promise Environment::run(const std::shared_ptr<Job>& job, const Napi::Value& keep, Result result,
                               Napi::Function on_progress) {
  const Napi::Env env = keep.Env();
  const auto running = std::make_shared<Running>(env, job);
  running->keep = Napi::Reference<Napi::Value>::New(keep, 1);
  running->result = std::move(result);
  if (!on_progress.IsEmpty()) {
    running->on_progress = Napi::Persistent(on_progress);
    running->next_progress = (Clock::now() + progress_interval).time_since_epoch().count();
    // The job outlives this call by its own shared pointer; a weak one here keeps the two from holding each other.
    job->on_advance([this, weak = std::weak_ptr(running)] {
      const auto current = weak.lock();
      if (!current || Clock::now().time_since_epoch().count() < current->next_progress) return;
      if (current->progress_waits.exchange(true)) return;
      post(new Event{this, current, false});
    });
  }
  if (running_.empty()) queue_.Ref(env);
  // Numbers of jobs that are done come round again; those of running ones are passed over.
  while (!running_.try_emplace(++last_started_, running).second) continue;
  running->number = last_started_;
  {
    const std::lock_guard lock(mutex_);
    working_++;
  }
  job->start([this, running](std::exception_ptr failure) {
    running->failure = std::move(failure);
    post(new Event{this, running, true});
    const std::lock_guard lock(mutex_);
    if (--working_ == 0) idle_.notify_all();
  });
  return running->deferred.Promise();
}

void Environment::post(Event* event) {
  if (queue_.NonBlockingCall(event) != napi_ok) delete event;
}

void Environment::deliver(Napi::Env env, Napi::Function /*callback*/, std::nullptr_t* /*context*/, Event* event) {
  const std::unique_ptr<Event> news(event);
  // Without an environment there is nobody left to tell.
  if (env == nullptr) return;
  try {
    if (news->ended) {
      news->environment->settle(env, news->running);
    } else {
      report(env, *news->running);
    }
  } catch (const Napi::Error&) {
    // A worker that is being terminated runs no JavaScript any more: nobody listens.
  }
}

void Environment::report(Napi::Env env, Running& running) {
  if (running.on_progress.IsEmpty()) return;
  running.next_progress = (Clock::now() + progress_interval).time_since_epoch().count();
  running.progress_waits = false;
  running.on_progress.Call({Napi::Number::New(env, static_cast<double>(running.job->bytes_done())),
                            Napi::Number::New(env, static_cast<double>(running.job->bytes_total()))});
}

void Environment::settle(Napi::Env env, const std::shared_ptr<Running>& running) {
  if (running_.erase(running->number) == 0) return;
  if (running_.empty()) queue_.Unref(env);
  running->let_go();
  if (running->failure) {
    running->deferred.Reject(failure_record(env, running->failure));
    return;
  }
  try {
    running->deferred.Resolve(running->result(env));
  } catch (const Napi::Error& error) {
    running->deferred.Reject(error.Value());
  } catch (const std::exception&) {
    running->deferred.Reject(failure_record(env, std::current_exception()));
  }
}

void Environment::cancel(std::uint32_t number) {
  const auto found = running_.find(number);
  if (found != running_.end()) found->second->job->cancel();
}

void Environment::shut_down() {
  for (const auto& [number, running] : running_) running->job->cancel();
  {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return working_ == 0; });
  }
  // While the environment can still take its references back.
  for (const auto& [number, running] : running_) running->let_go();
  running_.clear();
}

}  // namespace spikeport::binding
