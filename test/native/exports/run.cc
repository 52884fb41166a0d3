#include "exports/run.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/errors.h"

namespace spikeport::test {

std::exception_ptr run(const std::shared_ptr<Job>& job, std::optional<std::chrono::microseconds> cancel_after) {
  std::mutex mutex;
  std::condition_variable ended;
  bool has_ended = false;
  std::exception_ptr failure;
  job->start([&](std::exception_ptr found) {
    const std::lock_guard lock(mutex);
    failure = std::move(found);
    has_ended = true;
    ended.notify_one();
  });
  if (cancel_after) {
    std::this_thread::sleep_for(*cancel_after);
    job->cancel();
  }
  std::unique_lock lock(mutex);
  ended.wait(lock, [&] { return has_ended; });
  return std::exchange(failure, nullptr);
}

bool is_cancelled(const std::exception_ptr& failure) {
  if (!failure) return false;
  try {
    std::rethrow_exception(failure);
  } catch (const Cancelled&) {
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

std::string message_of(const std::exception_ptr& failure) {
  if (!failure) return "";
  try {
    std::rethrow_exception(failure);
  } catch (const Hdf5Failure& error) {
    return error.what() + (": " + error.stack());
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace spikeport::test
