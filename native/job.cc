#include "job.h"

#include <utility>

#include "errors.h"

namespace spikeport {

void Job::start(Done done) {
  done_ = std::move(done);
  enter(0);
}

void Job::throw_if_cancelled() const {
  if (cancelled_) throw Cancelled();
}

void Job::advance(std::uint64_t count) {
  bytes_done_ += count;
  if (on_advance_) on_advance_();
}

void Job::enter(std::size_t stage) {
  while (stage < stages_.size() && failed_ && !stages_[stage].always) stage++;
  if (stage == stages_.size()) {
    // Whoever waits for the job may hold it, too.
    const Done done = std::exchange(done_, nullptr);
    done(failure_);
    return;
  }
  const unsigned participants = stages_[stage].participants;
  participating_ = participants;
  for (unsigned i = 0; i < participants; i++) {
    stages_[stage].threads.post([self = shared_from_this(), stage] { self->participate(stage); });
  }
}

void Job::participate(std::size_t stage) {
  Stage& current = stages_[stage];
  bool more = false;
  try {
    if (!current.always) throw_if_cancelled();
    more = (current.always || !failed_) && current.work(*this);
  } catch (...) {
    fail(std::current_exception());
  }
  if (more) {
    // Behind whatever else waits for these threads: a large export does not hold up a small one.
    current.threads.post([self = shared_from_this(), stage] { self->participate(stage); });
  } else if (--participating_ == 0) {
    enter(stage + 1);
  }
}

void Job::fail(std::exception_ptr failure) {
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = std::move(failure);
  failed_ = true;
}

}  // namespace spikeport
