#include "binding/environment.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iterator>
#include <utility>

#include "binding/failure.h"

namespace spikeport::binding {
namespace {

using Clock = std::chrono::steady_clock;
constexpr Clock::duration progress_interval = std::chrono::milliseconds(100);

/**
 * How many events one turn of the event loop delivers. Each resumes an export, and with it code of the caller's:
 * thousands of exports that end together, as an abort makes them, must not do so in one turn. Node-API alone would
 * deliver a thousand.
 */
constexpr std::size_t events_a_turn = 48;

void call(Napi::Env env, const Napi::FunctionReference& on_progress, std::uint64_t done, std::uint64_t total) {
  on_progress.Call(
      {Napi::Number::New(env, static_cast<double>(done)), Napi::Number::New(env, static_cast<double>(total))});
}

}  // namespace

/** The JS side of a job. The references are used on the JS thread only. */
struct Environment::Running {
  Running(std::uint64_t number, const std::shared_ptr<Job>& started) : id(number), job(started) {}

  void let_go() {
    keep.Reset();
    on_progress.Reset();
    resolve.Reset();
    reject.Reset();
  }

  std::uint64_t id;
  /** Weak, so that the thread that ends a large job destroys it, and not the JS thread. */
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

Napi::Array kept(Napi::Env env, std::initializer_list<Napi::Value> values) {
  auto keep = Napi::Array::New(env);
  std::uint32_t i = 0;
  for (const Napi::Value& value : values) keep[i++] = value;
  return keep;
}

Napi::Function function_in(const Napi::Value& value) {
  return value.IsFunction() ? value.As<Napi::Function>() : Napi::Function();
}

void Environment::create(Napi::Env env) {
  env.SetInstanceData(new Environment(env));
  env.AddCleanupHook([](Environment* environment) { environment->shut_down(); }, env.GetInstanceData<Environment>());
}

Environment& Environment::of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

Environment::Environment(Napi::Env env)
    : wake_up_(WakeUp::New(env, "spikeport", 0, 1, this)),
      promise_(Napi::Persistent(env.Global().Get("Promise").As<Napi::Function>())),
      executor_(Napi::Persistent(Napi::Function::New(
          env, [this](const Napi::CallbackInfo& info) { take_over(info); }, "executor"))),
      set_immediate_(Napi::Persistent(env.Global().Get("setImmediate").As<Napi::Function>())),
      deliver_(Napi::Persistent(Napi::Function::New(
          env,
          [this](const Napi::CallbackInfo& info) {
            delivered_ = 0;
            deliver(info.Env());
          },
          "deliver"))) {
  wake_up_.Unref(env);
}

void Environment::take_over(const Napi::CallbackInfo& info) {
  promised_->resolve = Napi::Persistent(info[0].As<Napi::Function>());
  promised_->reject = Napi::Persistent(info[1].As<Napi::Function>());
}

Napi::Value Environment::promise_of(Running& running) {
  promised_ = &running;
  return promise_.New({executor_.Value()});
}

Napi::Value Environment::run(const std::shared_ptr<Job>& job, const Napi::Value& keep, Outcome outcome,
                             const Napi::Function& on_progress) {
  const Napi::Env env = keep.Env();
  const auto running = std::make_shared<Running>(++last_id_, job);
  const Napi::Value promise = promise_of(*running);
  running->keep = Napi::Reference<Napi::Value>::New(keep, 1);
  if (!on_progress.IsEmpty()) {
    running->on_progress = Napi::Persistent(on_progress);
    running->next_progress = (Clock::now() + progress_interval).time_since_epoch().count();
    job->on_advance([this, running] {
      if (Clock::now().time_since_epoch().count() < running->next_progress) return;
      if (running->progress_waits.exchange(true)) return;
      post({running, false});
    });
  }
  if (running_.empty()) wake_up_.Ref(env);
  running_.emplace(running->id, running);
  {
    const std::lock_guard lock(mutex_);
    working_++;
  }
  job->start([this, running, &job = *job, outcome = std::move(outcome)](std::exception_ptr failure) {
    running->failure = std::move(failure);
    running->bytes_total = job.bytes_total();
    if (!running->failure) running->result = outcome();
    post({running, true});
    const std::lock_guard lock(mutex_);
    if (--working_ == 0) idle_.notify_all();
  });
  return promise;
}

Napi::Value Environment::start(const std::shared_ptr<Job>& job, const Napi::Value& keep, Outcome outcome,
                               const Napi::Function& on_progress) {
  const Napi::Value promise = run(job, keep, std::move(outcome), on_progress);
  auto handle = Napi::Object::New(keep.Env());
  handle["promise"] = promise;
  handle["id"] = static_cast<double>(last_id_);
  return handle;
}

std::size_t Environment::field_number(const std::string& name) {
  const auto found = std::ranges::find(field_names_, name);
  if (found != field_names_.end()) return static_cast<std::size_t>(found - field_names_.begin());
  field_names_.push_back(name);
  return field_names_.size() - 1;
}

void Environment::cancel(std::uint64_t id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  if (const auto job = found->second->job.lock()) job->cancel();
}

void Environment::post(Event event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    if (std::exchange(is_delivering_, true)) return;
  }
  wake_up_.NonBlockingCall();
}

void Environment::wake(Napi::Env env, Napi::Function /*callback*/, Environment* environment, void* /*data*/) {
  // Without an environment nothing can be delivered.
  if (env != nullptr) environment->deliver(env);
}

std::vector<Environment::Event> Environment::take_events() {
  std::vector<Event> events;
  // Also when there are few. Threads free what this one allocated for their jobs, and glibc gathers it until it is
  // asked for more than a kilobyte: without such a request in every turn, the next one takes 2 ms for each thousand
  // jobs.
  static_assert(events_a_turn * sizeof(Event) > 1024);
  events.reserve(events_a_turn);
  const std::lock_guard lock(mutex_);
  for (; delivered_ < events_a_turn && !events_.empty(); delivered_++) {
    events.push_back(std::move(events_.front()));
    events_.pop_front();
  }
  is_delivering_ = delivered_ == events_a_turn;
  return events;
}

void Environment::deliver(Napi::Env env) {
  try {
    for (const auto& [running, ended] : take_events()) {
      const Napi::HandleScope scope(env);
      if (ended) {
        settle(env, running);
      } else {
        report(env, *running);
      }
    }
    // Not by waking the thread, which Node-API may do in the same turn.
    if (delivered_ == events_a_turn) set_immediate_.Call({deliver_.Value()});
  } catch (const Napi::Error&) {
    // A worker that is being terminated runs no JavaScript any more.
  }
}

void Environment::report(Napi::Env env, Running& running) {
  auto job = running.job.lock();
  if (!job || running.on_progress.IsEmpty()) return;
  running.next_progress = (Clock::now() + progress_interval).time_since_epoch().count();
  running.progress_waits = false;
  const std::uint64_t done = job->bytes_done();
  const std::uint64_t total = job->bytes_total();
  // The call may take long: the thread that ends the job is to destroy it.
  job.reset();
  call(env, running.on_progress, done, total);
}

void Environment::settle(Napi::Env env, const std::shared_ptr<Running>& running) {
  if (running_.erase(running->id) == 0) return;
  if (running_.empty()) wake_up_.Unref(env);
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

void Environment::watch(const std::shared_ptr<hdf5::BegunFile>& file) {
  std::erase_if(begun_, [](const auto& watched) { return watched.expired(); });
  begun_.push_back(file);
}

void Environment::shut_down() {
  for (const auto& [id, running] : running_) {
    if (const auto job = running->job.lock()) job->cancel();
  }
  {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return working_ == 0; });
  }
  for (const auto& watched : begun_) {
    if (const auto file = watched.lock()) file->discard();
  }
  begun_.clear();
  // While the environment can still take its references back.
  for (const auto& [id, running] : running_) running->let_go();
  running_.clear();
}

}  // namespace spikeport::binding
