#pragma once

// What all exports have in common: settings, result and job.

#include <algorithm>
#include <cstdint>
#include <memory>

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

}  // namespace spikeport
