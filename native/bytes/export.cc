#include "bytes/export.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "bytes/segment_writer.h"
#include "storage/partial_file.h"
#include "storage/partial_folder.h"

namespace spikeport::bytes {
namespace {

/** Stages of an export, as methods of its state: open, write, publish, clean_up. */
template <typename Export>
ExportJob staged(const std::shared_ptr<Export>& state, unsigned writers, std::uint64_t bytes) {
  const auto stage = [&state](bool (Export::*work)(Job&)) {
    return [state, work](Job& job, unsigned /*participant*/) { return (state.get()->*work)(job); };
  };
  std::vector<Stage> stages{
      {.threads = workers(), .work = stage(&Export::open)},
      {.threads = workers(), .work = stage(&Export::write), .participants = writers},
      {.threads = workers(), .work = stage(&Export::publish)},
      {.threads = workers(), .work = stage(&Export::clean_up), .always = true},
  };
  auto job = std::make_shared<Job>(std::move(stages));
  job->expect_bytes(bytes);
  return {.job = std::move(job), .result = {state, &state->result}};
}

struct FileExport {
  FilePlan plan;
  ExportSettings settings;
  ExportResult result;
  std::optional<PartialFile> partial;
  std::optional<SegmentWriter> writer;

  bool open(Job& /*job*/) {
    const Target target = file_target(plan.target);
    make_parents(target);
    partial.emplace(target);
    writer.emplace(plan.segments, partial->fd(), partial->target());
    return false;
  }

  bool write(Job& job) { return writer->write_some(job); }

  bool publish(Job& job) {
    if (settings.durable) partial->make_durable();
    job.throw_if_cancelled();
    result.bytes_written = partial->publish();
    return false;
  }

  bool clean_up(Job& /*job*/) {
    writer.reset();
    partial.reset();
    return false;
  }
};

struct FolderExport {
  FolderPlan plan;
  ExportSettings settings;
  ExportResult result;
  std::optional<PartialFolder> partial;
  std::mutex mutex;
  /** Files that nobody is writing at the moment. */
  std::deque<SegmentWriter> waiting;

  bool open(Job& /*job*/) {
    partial.emplace(folder_target(plan.target));
    for (const PlainFile& file : plan.files) {
      const PartialFile& part = partial->add(file.name);
      waiting.emplace_back(file.segments, part.fd(), part.target());
    }
    return false;
  }

  bool write(Job& job) {
    auto writer = take();
    if (!writer) return false;
    if (writer->write_some(job)) put_back(std::move(*writer));
    return true;
  }

  bool publish(Job& job) {
    if (settings.durable) partial->make_durable();
    job.throw_if_cancelled();
    result.bytes_written = partial->publish(plan.remove);
    return false;
  }

  bool clean_up(Job& /*job*/) {
    waiting.clear();
    partial.reset();
    return false;
  }

  std::optional<SegmentWriter> take() {
    const std::lock_guard lock(mutex);
    if (waiting.empty()) return std::nullopt;
    std::optional<SegmentWriter> writer(std::move(waiting.front()));
    waiting.pop_front();
    return writer;
  }

  void put_back(SegmentWriter writer) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(writer));
  }
};

}  // namespace

// The states are filled where they stay: their writers point into the plan.

ExportJob export_job(FilePlan plan, const ExportSettings& settings) {
  const auto state = std::make_shared<FileExport>();
  state->plan = std::move(plan);
  state->settings = settings;
  return staged(state, 1, byte_count(state->plan.segments));
}

ExportJob export_job(FolderPlan plan, const ExportSettings& settings) {
  const auto state = std::make_shared<FolderExport>();
  state->plan = std::move(plan);
  state->settings = settings;
  std::uint64_t bytes = 0;
  for (const PlainFile& file : state->plan.files) bytes += byte_count(file.segments);
  const unsigned useful = useful_threads(bytes, settings);
  return staged(state, std::min(static_cast<unsigned>(state->plan.files.size()), useful), bytes);
}

}  // namespace spikeport::bytes
