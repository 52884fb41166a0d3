#pragma once

// What all exports have in common: settings, result, and the job that is made of their stages.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/block.h"
#include "engine/job.h"

namespace spikeport {

/** How an export runs. */
struct ExportSettings {
  /** Whether to sync files and folders before they are published. */
  bool durable = false;
  /** The most threads that may work on it at once. */
  unsigned threads = 1;
};

/** The result of an export. Set when its job has ended without a failure. */
struct ExportResult {
  std::uint64_t bytes_written = 0;
};

/** A job that writes one plan, ready to start. */
struct ExportJob {
  std::shared_ptr<Job> job;
  std::shared_ptr<const ExportResult> result;
};

/** The number of threads that pays for this many bytes: waking one costs more than writing a few blocks. */
inline unsigned useful_threads(std::uint64_t bytes, const ExportSettings& settings) {
  constexpr std::uint64_t worth_a_thread = 4 * block_size;
  return static_cast<unsigned>(std::clamp<std::uint64_t>(bytes / worth_a_thread, 1, std::max(1U, settings.threads)));
}

/** The job of an export without the HDF5 library, whose state has the stages as methods and a member `result`. */
template <typename Export>
ExportJob staged(const std::shared_ptr<Export>& state, unsigned writers, std::uint64_t bytes) {
  const auto stage = [&state](bool (Export::*work)(Job&)) {
    return [state, work](Job& job, unsigned /*participant*/) { return (state.get()->*work)(job); };
  };
  const auto write = [state](Job& job, unsigned participant) { return state->write(job, participant); };
  std::vector<Stage> stages{
      {.threads = workers(), .work = stage(&Export::open)},
      {.threads = workers(), .work = write, .participants = writers},
      {.threads = workers(), .work = stage(&Export::publish)},
      {.threads = workers(), .work = stage(&Export::clean_up), .always = true},
  };
  auto job = std::make_shared<Job>(std::move(stages));
  job->expect_bytes(bytes);
  return {.job = std::move(job), .result = {state, &state->result}};
}

}  // namespace spikeport
