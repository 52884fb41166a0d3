#pragma once

// Jobs: work in stages on thread pools, which can be cancelled and reports its progress.

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/thread_pool.h"

namespace spikeport {

class Job;

/** What happens between two pieces of a participant's work: the result of the first is handed over. */
struct Relay {
  ThreadPool& threads;
  /**
   * Takes over the participant's result; returns whether there is room for more. If not, the participant is suspended
   * (no thread waits) until the next call that finds room. A participant that is not suspended must make that call.
   * Calls may come from several threads at once where `threads` are several.
   */
  std::function<bool(Job&, unsigned participant)> work;
};

/** One step of a job. */
struct Stage {
  /** The threads it runs on. */
  ThreadPool& threads;
  /** Does a piece of the work; returns whether there is more. Each participant calls it until it returns false. */
  std::function<bool(Job&, unsigned participant)> work;
  /** The number of threads that work on the stage at once. */
  unsigned participants = 1;
  /** Whether it runs after a failure, too, to clean up. */
  bool always = false;
  std::optional<Relay> relay = std::nullopt;
};

/**
 * Runs stages one after the other, each on its own threads. No thread waits for another: the last participant of a
 * stage starts the next stage. After the first failure, or once cancelled, only the stages marked `always` run.
 */
class Job : public std::enable_shared_from_this<Job> {
 public:
  /** Called once, on the thread that ended the last stage, with the first failure or null. */
  using Done = std::function<void(std::exception_ptr)>;

  explicit Job(std::vector<Stage> stages) : stages_(std::move(stages)) {}

  void start(Done done);

  /** Asks the job to stop, from any thread; it does so after the current blocks. */
  void cancel() { cancelled_ = true; }
  void throw_if_cancelled() const;

  // Progress: the bytes of the whole work, as far as they are known, and the bytes done.
  void expect_bytes(std::uint64_t count) { bytes_total_ += count; }
  void advance(std::uint64_t count);
  [[nodiscard]] std::uint64_t bytes_done() const { return bytes_done_; }
  [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }
  /** Sets a function that is called on a working thread whenever the job advances. Before the start. */
  void on_advance(std::function<void()> listener) { on_advance_ = std::move(listener); }

 private:
  /** Starts a stage: on this thread when it belongs to the pool `here` and the stage has one participant on that pool.
   */
  void enter(std::size_t stage, const ThreadPool* here);
  void participate(std::size_t stage, unsigned participant);
  /**
   * Hands over a participant's result. If there is room, resumes those that are suspended; if not, suspends it.
   * @return whether it can go on
   */
  bool hand_over(std::size_t stage, unsigned participant);
  /** Posts the participant's next piece of work. */
  void resume(std::size_t stage, unsigned participant);
  void resume_suspended(std::size_t stage);
  /** Runs `work` unless the stage has to stop. Returns its result; false when it fails or does not run. */
  template <typename Work>
  bool attempt(const Stage& stage, Work work);
  void fail(std::exception_ptr failure);

  std::vector<Stage> stages_;
  Done done_;
  std::function<void()> on_advance_;
  std::atomic<unsigned> participating_ = 0;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> failed_ = false;
  std::atomic<std::uint64_t> bytes_done_ = 0;
  std::atomic<std::uint64_t> bytes_total_ = 0;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::mutex suspended_mutex_;
  /** Participants of the current stage for which its relay had no room, and how often such were resumed. */
  std::vector<unsigned> suspended_;
  std::uint64_t resumptions_ = 0;
};

}  // namespace spikeport
