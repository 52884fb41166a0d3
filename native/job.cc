#include "job.h"

#include <algorithm>
#include <utility>

#include "errors.h"

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
    // Whoever waits for the job may hold it, too.
    const Done done = std::exchange(done_, nullptr);
    done(failure_);
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
  const auto work = [&] { return attempt(current, [&] { return current.work(*this, participant); }); };
  bool more = work();
  // Handing on to another thread costs more than most pieces of work: only where others wait, and between two stations.
  while (more && !current.relay && !current.threads.is_behind()) more = work();
  if (!more) {
    if (--participating_ == 0) enter(stage + 1, &current.threads);
    return;
  }
  const auto again = [self = shared_from_this(), stage, participant] { self->participate(stage, participant); };
  if (!current.relay) {
    // Behind whoever waits for these threads: a large export does not hold up a small one.
    current.threads.post(again);
    return;
  }
  current.relay->threads.post([this, &current, participant, again] {
    attempt(current, [&] { return current.relay->work(*this, participant), true; });
    current.threads.post(again);
  });
}

void Job::fail(std::exception_ptr failure) {
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = std::move(failure);
  failed_ = true;
}

}  // namespace spikeport
