#include "engine/thread_pool.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "platform/thread.h"

namespace spikeport {

ThreadPool::ThreadPool(const char* name, unsigned threads) {
  for (; threads_ < threads; threads_++) {
    try {
      std::thread([this, name] {
        platform::name_thread(name);
        run();
      }).detach();
    } catch (const std::system_error&) {
      // When the system allows no more threads, the existing ones do all the work.
      if (threads_ == 0) throw;
      return;
    }
  }
}

void ThreadPool::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  ready_.notify_one();
}

bool ThreadPool::has_waiting() {
  const std::lock_guard lock(mutex_);
  return !tasks_.empty();
}

void ThreadPool::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return !tasks_.empty(); });
    const Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
}

ThreadPool& workers() {
  static auto* const pool = new ThreadPool("spikeport", std::max(1U, std::thread::hardware_concurrency()));
  return *pool;
}

ThreadPool& hdf5_thread() {
  static auto* const thread = new ThreadPool("spikeport-hdf5", 1);
  return *thread;
}

}  // namespace spikeport
