#include "plain_files/export.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "engine/export_job.h"
#include "plain_files/ordered_writer.h"
#include "plain_files/segment_writer.h"
#include "platform/file.h"
#include "replacement/partial_file.h"
#include "replacement/partial_folder.h"

namespace spikeport::plain_files {
namespace {

/** A file is written by one thread at a time: a second one fills the next piece meanwhile. */
constexpr unsigned most_threads_a_file = 2;

/** How long to wait for another export to the same folder, before the thread turns to other work. */
constexpr std::chrono::milliseconds folder_turn(1);

/** An export locks a folder for about a millisecond. A lock that is held longer is another program's, such as flock(1).
 */
constexpr std::chrono::seconds longest_turn(5);

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
    writer.emplace(plan.segments, partial->file());
    return false;
  }

  bool write(Job& job, unsigned /*participant*/) { return writer->write_some(job); }

  bool publish(Job& job) {
    writer->finish();
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

/** The bytes of one spike's values in a file. */
std::uint64_t value_width(const PlainFile& file) {
  const std::uint64_t width = file.ordered_values ? file.ordered_values->byte_width() : 0;
  return width + (file.ordered_column ? size_of(file.ordered_column->type) : 0);
}

/** Where in a file the values of spikes begin. */
std::uint64_t values_offset(const FolderPlan& plan, const PlainFile& file) {
  const std::uint64_t part = file.ordered ? plan.spikes->trains->spike_count() * size_of(type_of(*file.ordered)) : 0;
  return byte_count(file.segments) + part;
}

struct FolderExport {
  FolderPlan plan;
  ExportSettings settings;
  ExportResult result;
  std::optional<OrderedWriter> ordered;
  std::optional<PartialFolder> partial;
  std::deque<SegmentWriter> writers;
  std::optional<FolderEntries> expected;
  bool is_finished = false;
  std::chrono::steady_clock::time_point finished;

  bool open(Job& /*job*/) {
    if (plan.spikes) ordered.emplace(*plan.spikes, settings.threads);
    partial.emplace(folder_target(plan.target));
    for (const PlainFile& file : plan.files) {
      const platform::File& part = partial->add(file.name).file();
      writers.emplace_back(file.segments, part);
      if (file.ordered) ordered->add_file(*file.ordered, byte_count(file.segments), part);
      if (file.ordered_values) ordered->add_file(*file.ordered_values, values_offset(plan, file), part);
      if (file.ordered_column) ordered->add_file(*file.ordered_column, values_offset(plan, file), part);
    }
    return false;
  }

  bool write(Job& job, unsigned participant) {
    if (ordered && ordered->write_some(job, participant)) return true;
    // Participants begin with different files.
    for (std::size_t i = 0; i < writers.size(); i++) {
      if (writers[(participant + i) % writers.size()].write_some(job)) return true;
    }
    return false;
  }

  bool publish(Job& job) {
    if (!is_finished) finish(job);
    const bool has_waited = std::chrono::steady_clock::now() > finished + longest_turn;
    if (partial->publish(plan.remove, expected, has_waited)) return false;
    std::this_thread::sleep_for(folder_turn);
    return true;
  }

  void finish(const Job& job) {
    for (SegmentWriter& writer : writers) writer.finish();
    if (settings.durable) partial->make_durable();
    job.throw_if_cancelled();
    result.bytes_written = partial->finish();
    if (plan.expected) expected = entries_in(*plan.expected);
    is_finished = true;
    finished = std::chrono::steady_clock::now();
  }

  bool clean_up(Job& /*job*/) {
    writers.clear();
    ordered.reset();
    partial.reset();
    return false;
  }
};

std::uint64_t byte_count(const FolderPlan& plan) {
  std::uint64_t bytes = 0;
  for (const PlainFile& file : plan.files) {
    bytes += values_offset(plan, file);
    if (plan.spikes) bytes += plan.spikes->trains->spike_count() * value_width(file);
  }
  return bytes;
}

/** The job of an export whose state has the stages as methods and a member `result`. */
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

}  // namespace

// The states are filled in place, because their writers point into the plan.

ExportJob export_job(FilePlan plan, const ExportSettings& settings) {
  const auto state = std::make_shared<FileExport>();
  state->plan = std::move(plan);
  state->settings = settings;
  const std::span<const Segment> segments = state->plan.segments;
  // Bytes that are written in place need no second thread.
  const unsigned useful = useful_threads(made_byte_count(segments), settings);
  return staged(state, std::min(useful, most_threads_a_file), byte_count(segments));
}

ExportJob export_job(FolderPlan plan, const ExportSettings& settings) {
  const auto state = std::make_shared<FolderExport>();
  state->plan = std::move(plan);
  state->settings = settings;
  const std::uint64_t bytes = byte_count(state->plan);
  const auto files = static_cast<unsigned>(state->plan.files.size());
  return staged(state, std::min(useful_threads(bytes, settings), files * most_threads_a_file), bytes);
}

}  // namespace spikeport::plain_files
