#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/export_job.h"

namespace spikeport {

/** The job of an export without the HDF5 library, whose state has its stages as methods and its `result`. */
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
