#pragma once

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

/** Where a participant goes between two pieces of a stage's work: what it has made is taken over there. */
struct Relay {
  ThreadPool& threads;
  /**
   * Returns whether there is room for more. If not, the participant rests, without a thread that waits: it goes on
   * after the next call that finds room. Another participant that does not rest must be about to make that call.
   */
  std::function<bool(Job&, unsigned participant)> work;
};

/** One step of a job. */
struct Stage {
  /** Where it runs. */
  ThreadPool& threads;
  /** A piece of the work; returns whether there is more. Called by each participant until it says no. */
  std::function<bool(Job&, unsigned participant)> work;
  /** How many threads may take part at once. */
  unsigned participants = 1;
  /** Also runs after a failure, to clean up. */
  bool always = false;
  std::optional<Relay> relay = std::nullopt;
};

/**
 * Runs stages one after the other, each on its own threads, without a thread ever waiting for another: whoever ends a
 * stage starts the next. After the first failure, or once cancelled, only the stages marked `always` still run.
 */
class Job : public std::enable_shared_from_this<Job> {
 public:
  /** Called once, on the thread that ended the last stage, with the first failure if there was one. */
  using Done = std::function<void(std::exception_ptr)>;

  explicit Job(std::vector<Stage> stages) : stages_(std::move(stages)) {}

  void start(Done done);

  /** Asks the job to stop; it does so at the end of the block at hand. */
  void cancel() { cancelled_ = true; }
  void throw_if_cancelled() const;

  /** Adds to what is known of the whole work, and to what is done of it. */
  void expect_bytes(std::uint64_t count) { bytes_total_ += count; }
  void advance(std::uint64_t count);
  [[nodiscard]] std::uint64_t bytes_done() const { return bytes_done_; }
  [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }
  /** Called on a working thread whenever the job advances. Set before the start. */
  void on_advance(std::function<void()> listener) { on_advance_ = std::move(listener); }

 private:
  /** Starts a stage: on this very thread when it is one of the stage's. */
  void enter(std::size_t stage, const ThreadPool* here);
  void participate(std::size_t stage, unsigned participant);
  /** Hands over what a participant has made, and has it and others go on, or rest. */
  void relay(std::size_t stage, unsigned participant);
  void go_on(std::size_t stage, unsigned participant);
  /** Has those that rest go on. */
  void wake(std::size_t stage);
  /** Runs work of a stage on this thread, if it may still run. Returns what it returns; false when it fails. */
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
  std::mutex resting_mutex_;
  /** Participants of the stage at hand that its relay had no room for. */
  std::vector<unsigned> resting_;
};

}  // namespace spikeport
