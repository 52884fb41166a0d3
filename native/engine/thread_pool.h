#pragma once

// The process-wide thread pools: workers, and the one thread of the HDF5 library.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace spikeport {

/**
 * Threads that run tasks in the order of posting. Never destroyed: the threads may outlive the environment that posted
 * to them, and the process ends without waiting for idle ones.
 */
class ThreadPool {
 public:
  using Task = std::function<void()>;

  /** Starts this number of threads, or fewer where the system allows no more. Debuggers and monitors show them under
   * this name. */
  ThreadPool(const char* name, unsigned threads);

  /** Runs a task on one of the threads. Tasks must not throw. */
  void post(Task task);

  /** Whether tasks wait for a thread. */
  [[nodiscard]] bool has_waiting();

  [[nodiscard]] unsigned size() const { return threads_; }

 private:
  [[noreturn]] void run();

  unsigned threads_ = 0;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> tasks_;
};

/** The threads that fill, convert and write blocks: one per core. */
ThreadPool& workers();

/** The one thread that calls the HDF5 library, which is not thread-safe. */
ThreadPool& hdf5_thread();

}  // namespace spikeport
