#pragma once

// Runs jobs without a JS thread.

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "engine/export_job.h"

namespace spikeport::test {

/** Runs a job to its end and returns its failure, if it fails. */
std::exception_ptr run(const std::shared_ptr<Job>& job,
                       std::optional<std::chrono::microseconds> cancel_after = std::nullopt);

/** Whether a failure is that of a cancelled job. */
bool is_cancelled(const std::exception_ptr& failure);

/** The message of a failure; empty when there is none. */
std::string message_of(const std::exception_ptr& failure);

}  // namespace spikeport::test
