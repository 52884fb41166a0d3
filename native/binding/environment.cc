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

void call(Napi::Env env, const Napi::FunctionReference& on_progress, std::uint64_t done, std::uint64_t total) {
  on_progress.Call(
      {Napi::Number::New(env, static_cast<double>(done)), Napi::Number::New(env, static_cast<double>(total))});
}

}  // namespace

/** The JS side of a job. The references are used on the JS thread only. */
struct Environment::Running {
  Running(const std::shared_ptr<Job>& started, double job_number) : number(job_number), job(started) {}

  void let_go() {
    keep.Reset();
    on_progress.Reset();
    resolve.Reset();
    reject.Reset();
  }

  double number;
  /** The threads that work on a job hold it: taking a large one down is not for the JS thread. */
  std::weak_ptr<Job> job;
  Napi::Reference<Napi::Value> keep;
  // What settles the promise. Not Node-API's deferred: in an environment that ends, nothing gives that back.
  Napi::FunctionReference resolve;
  Napi::FunctionReference reject;
  Napi::FunctionReference on_progress;
  std::atomic<Clock::rep> next_progress = 0;
  std::atomic<bool> progress_waits = false;
  // Once the job has ended:
  Result result;
  std::exception_ptr failure;
  std::uint64_t bytes_total = 0;
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

Environment::Environment(Napi::Env env)
    : queue_(Queue::New(env, "spikeport", 0, 1)),
      promise_(Napi::Persistent(env.Global().Get("Promise").As<Napi::Function>())) {
  queue_.Unref(env);
}

void Environment::take_over(const Napi::CallbackInfo& info) {
  auto& running = *static_cast<Running*>(info.Data());
  running.resolve = Napi::Persistent(info[0].As<Napi::Function>());
  running.reject = Napi::Persistent(info[1].As<Napi::Function>());
}

Napi::Value Environment::promise_of(Napi::Env env, Running& running) const {
  return promise_.New({Napi::Function::New<take_over>(env, "executor", &running)});
}

Napi::Value Environment::run(const std::shared_ptr<Job>& job, const Napi::Value& keep, Outcome outcome,
                             const Watch& watch) {
  const Napi::Env env = keep.Env();
  const auto running = std::make_shared<Running>(job, watch.number);
  const Napi::Value promise = promise_of(env, *running);
  running->keep = Napi::Reference<Napi::Value>::New(keep, 1);
  if (!watch.on_progress.IsEmpty()) {
    running->on_progress = Napi::Persistent(watch.on_progress);
    running->next_progress = (Clock::now() + progress_interval).time_since_epoch().count();
    job->on_advance([this, running] {
      if (Clock::now().time_since_epoch().count() < running->next_progress) return;
      if (running->progress_waits.exchange(true)) return;
      post(new Event{this, running, false});
    });
  }
  if (running_.empty()) queue_.Ref(env);
  running_.insert(running);
  {
    const std::lock_guard lock(mutex_);
    working_++;
  }
  job->start([this, running, &job = *job, outcome = std::move(outcome)](std::exception_ptr failure) {
    running->failure = std::move(failure);
    running->bytes_total = job.bytes_total();
    if (!running->failure) running->result = outcome();
    post(new Event{this, running, true});
    const std::lock_guard lock(mutex_);
    if (--working_ == 0) idle_.notify_all();
  });
  return promise;
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
  const auto job = running.job.lock();
  if (!job || running.on_progress.IsEmpty()) return;
  running.next_progress = (Clock::now() + progress_interval).time_since_epoch().count();
  running.progress_waits = false;
  call(env, running.on_progress, job->bytes_done(), job->bytes_total());
}

void Environment::settle(Napi::Env env, const std::shared_ptr<Running>& running) {
  if (running_.erase(running) == 0) return;
  if (running_.empty()) queue_.Unref(env);
  const Napi::FunctionReference on_progress = std::move(running->on_progress);
  const Napi::FunctionReference resolve = std::move(running->resolve);
  const Napi::FunctionReference reject = std::move(running->reject);
  running->let_go();
  if (running->failure) {
    reject.Call({failure_record(env, running->failure)});
    return;
  }
  try {
    if (!on_progress.IsEmpty() && running->bytes_total > 0) {
      call(env, on_progress, running->bytes_total, running->bytes_total);
    }
    resolve.Call({running->result(env)});
  } catch (const Napi::Error& error) {
    reject.Call({error.Value()});
  } catch (const std::exception&) {
    reject.Call({failure_record(env, std::current_exception())});
  }
}

void Environment::cancel(double number) {
  for (const auto& running : running_) {
    const auto job = running->number == number ? running->job.lock() : nullptr;
    if (job) job->cancel();
  }
}

void Environment::shut_down() {
  for (const auto& running : running_) {
    if (const auto job = running->job.lock()) job->cancel();
  }
  {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return working_ == 0; });
  }
  // While the environment can still take its references back.
  for (const auto& running : running_) running->let_go();
  running_.clear();
}

}  // namespace spikeport::binding
