#include "engine/job.h"

#include <algorithm>
#include <utility>

#include "engine/errors.h"

namespace spikeport {

void Job::start(Done done) {
  done_ = std::move(done);
  enter(0, nullptr);
}

void Job::throw_if_cancelled() const {
  if (cancelled_) throw Cancelled();
}

void Job::advance(std::uint64_t count) {
  bytes_done_ += count;
  if (on_advance_) on_advance_();
}

void Job::enter(std::size_t stage, const ThreadPool* here) {
  while (stage < stages_.size() && failed_ && !stages_[stage].always) stage++;
  if (stage == stages_.size()) {
    // Destroyed with this call: it may own the job, too.
    const Done done = std::exchange(done_, nullptr);
    // Moved, because the receiver may destroy it on another thread before this job is destroyed.
    done(std::move(failure_));
    return;
  }
  const unsigned participants = std::max(1U, stages_[stage].participants);
  participating_ = participants;
  if (&stages_[stage].threads == here && participants == 1) {
    participate(stage, 0);
    return;
  }
  for (unsigned i = 0; i < participants; i++) {
    stages_[stage].threads.post([self = shared_from_this(), stage, i] { self->participate(stage, i); });
  }
}

template <typename Work>
bool Job::attempt(const Stage& stage, Work work) {
  try {
    if (!stage.always) throw_if_cancelled();
    return (stage.always || !failed_) && work();
  } catch (...) {
    fail(std::current_exception());
    return false;
  }
}

void Job::participate(std::size_t stage, unsigned participant) {
  const Stage& current = stages_[stage];
  const bool hands_over_elsewhere = current.relay && &current.relay->threads != &current.threads;
  do {
    if (!attempt(current, [&] { return current.work(*this, participant); })) {
      // After a failure, no relay makes room any more.
      if (failed_) resume_suspended(stage);
      if (--participating_ == 0) enter(stage + 1, &current.threads);
      return;
    }
    if (hands_over_elsewhere) {
      current.relay->threads.post([self = shared_from_this(), stage, participant] {
        if (self->hand_over(stage, participant)) self->resume(stage, participant);
      });
      return;
    }
    if (current.relay && !hand_over(stage, participant)) return;
    // Changing threads costs more than most pieces of work: do so only for a relay, or when other tasks wait.
  } while (!current.threads.has_waiting());
  // To the end of the queue: a large export does not hold up a small one.
  resume(stage, participant);
}

bool Job::hand_over(std::size_t stage, unsigned participant) {
  const Stage& current = stages_[stage];
  std::uint64_t resumptions = 0;
  {
    const std::lock_guard lock(suspended_mutex_);
    resumptions = resumptions_;
  }
  bool has_room = true;
  attempt(current, [&] { return has_room = current.relay->work(*this, participant); });
  if (has_room) {
    resume_suspended(stage);
    return true;
  }
  const std::lock_guard lock(suspended_mutex_);
  // Checked under the lock: a thread that fails, or finds room, resumes those that are suspended by then.
  if (failed_ || resumptions_ != resumptions) return true;
  suspended_.push_back(participant);
  return false;
}

void Job::resume(std::size_t stage, unsigned participant) {
  stages_[stage].threads.post(
      [self = shared_from_this(), stage, participant] { self->participate(stage, participant); });
}

void Job::resume_suspended(std::size_t stage) {
  std::vector<unsigned> suspended;
  {
    const std::lock_guard lock(suspended_mutex_);
    suspended.swap(suspended_);
    resumptions_++;
  }
  for (const unsigned participant : suspended) resume(stage, participant);
}

void Job::fail(std::exception_ptr failure) {
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = std::move(failure);
  failed_ = true;
}

}  // namespace spikeport
