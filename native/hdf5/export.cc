#include "hdf5/export.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/errors.h"
#include "hdf5/direct/direct_writer.h"
#include "hdf5/extent_writer.h"
#include "hdf5/library/library_writer.h"
#include "hdf5/model/page_order.h"
#include "hdf5/model/plan_check.h"
#include "replacement/partial_file.h"

namespace spikeport::hdf5 {
namespace {

std::string refusal_of(const std::string& obstacle) {
  return "Expected a file that the direct writer can hold but received " + obstacle + ".";
}

/** What the writer counts, on the JS thread: more objects than that can look at in one turn count as very much. */
Workload workload_of(const FileWriter& writer) {
  constexpr std::size_t most_objects = 4096;
  constexpr std::uint64_t very_much = std::uint64_t{1} << 40U;
  if (writer.plan().objects.size() > most_objects) return {.extents = very_much, .chunks = very_much};
  return writer.workload();
}

/** The state of one export, and its stages in the order they run. */
class Export {
 public:
  /** @param is_unchecked whether the direct writer has a plan that may have an obstacle */
  Export(std::unique_ptr<FileWriter> writer, const ExportSettings& settings, bool is_unchecked)
      : writer_(std::move(writer)),
        settings_(settings),
        is_unchecked_(is_unchecked),
        workload_(workload_of(*writer_)) {}

  [[nodiscard]] const ExportResult& result() const { return result_; }

  std::vector<Stage> stages(const std::shared_ptr<Export>& self) {
    const auto stage = [&self](bool (Export::*work)(Job&)) {
      return [self, work](Job& job, unsigned /*participant*/) { return (self.get()->*work)(job); };
    };
    const auto encode = [self](Job& job, unsigned participant) {
      return self->writer_->encode_chunks(job, participant);
    };
    const auto write = [self](Job& /*job*/, unsigned participant) { return self->writer_->write_chunks(participant); };
    ThreadPool& thread = writer_->thread();
    // Handing over to another thread costs more than filling a block.
    const auto filling = [&thread](std::uint64_t bytes) -> ThreadPool& {
      return bytes <= block_size ? thread : workers();
    };
    ThreadPool& extents = filling(workload_.extents);
    return {
        {.threads = workers(), .work = stage(&Export::open)},
        {.threads = thread, .work = stage(&Export::lay_out)},
        {.threads = filling(workload_.chunks),
         .work = encode,
         .participants = encoders(),
         .relay = Relay{.threads = thread, .work = write}},
        {.threads = extents, .work = stage(&Export::reserve)},
        {.threads = extents,
         .work = stage(&Export::write_extents),
         .participants = useful_threads(workload_.extents, settings_)},
        {.threads = thread, .work = stage(&Export::finish)},
        {.threads = thread, .work = stage(&Export::close), .always = true},
        {.threads = workers(), .work = stage(&Export::publish)},
        {.threads = workers(), .work = stage(&Export::clean_up), .always = true},
    };
  }

 private:
  bool open(Job& job) {
    const Plan& plan = writer_->plan();
    check(plan);
    if (is_unchecked_) {
      if (const auto obstacle = direct::obstacle(plan)) throw ValueError(refusal_of(*obstacle));
    }
    job.expect_bytes(writer_->prepare(encoders()) + (plan.companion ? plan.companion->bytes.size() : 0));
    if (plan.begun && writer_->continues_begun()) {
      partial_.emplace(plan.begun->take());
    } else {
      partial_.emplace(file_target(plan.target));
    }
    if (plan.companion) companion_.emplace(file_target(plan.companion->target));
    return false;
  }

  bool lay_out(Job& job) { return writer_->lay_out(*partial_, job); }

  bool reserve(Job& job) {
    if (companion_) {
      const auto bytes = writer_->plan().companion->bytes;
      companion_->file().write(bytes, 0);
      job.advance(bytes.size());
    }
    extents_.emplace(partial_->file(), writer_->take_extents(job));
    return false;
  }

  bool write_extents(Job& job) { return extents_->write_some(job); }

  bool finish(Job& /*job*/) {
    writer_->finish();
    return false;
  }

  bool close(Job& /*job*/) {
    writer_->close();
    return false;
  }

  bool publish(Job& job) {
    if (settings_.durable) {
      partial_->make_durable();
      if (companion_) companion_->make_durable();
    }
    job.throw_if_cancelled();
    if (!companion_) {
      result_.bytes_written = partial_->publish();
      return false;
    }
    result_.bytes_written = partial_->finish() + companion_->finish();
    // Back to back, with nothing slow between them. The file comes first: a companion describes what is there.
    partial_->move();
    companion_->move();
    partial_->sync_name();
    companion_->sync_name();
    return false;
  }

  bool clean_up(Job& /*job*/) {
    extents_.reset();
    companion_.reset();
    partial_.reset();
    if (writer_->plan().begun) writer_->plan().begun->discard();
    return false;
  }

  [[nodiscard]] unsigned encoders() const { return useful_threads(workload_.chunks, settings_); }

  std::unique_ptr<FileWriter> writer_;
  ExportSettings settings_;
  bool is_unchecked_;
  Workload workload_;
  ExportResult result_;
  std::optional<PartialFile> partial_;
  std::optional<PartialFile> companion_;
  std::optional<ExtentWriter> extents_;
};

ExportJob job_of(std::unique_ptr<FileWriter> writer, const ExportSettings& settings, bool is_unchecked = false) {
  const auto state = std::make_shared<Export>(std::move(writer), settings, is_unchecked);
  return {.job = std::make_shared<Job>(state->stages(state)), .result = {state, &state->result()}};
}

/** A job that fails at once. */
ExportJob refusal(const std::string& message) {
  const auto fail = [message](Job& /*job*/, unsigned /*participant*/) -> bool { throw ValueError(message); };
  return {.job = std::make_shared<Job>(std::vector<Stage>{{.threads = workers(), .work = fail}}),
          .result = std::make_shared<ExportResult>()};
}

}  // namespace

ExportJob export_job(Plan plan, const ExportSettings& settings, Writer writer) {
  if (plan.page_bytes) arrange_for_pages(plan.objects);
  const auto library = [&] { return job_of(std::make_unique<LibraryWriter>(std::move(plan)), settings); };
  if (writer == Writer::library) return library();
  if (plan.is_long) return job_of(std::make_unique<direct::DirectWriter>(std::move(plan)), settings, true);
  const auto obstacle = direct::obstacle(plan);
  if (!obstacle) return job_of(std::make_unique<direct::DirectWriter>(std::move(plan)), settings);
  if (writer == Writer::automatic) return library();
  // The only way to ask for it: lib/jobs/run-export.ts.
  return refusal(
      "Expected a file that the direct writer can hold, as the environment variable SPIKEPORT_HDF5_WRITER is "
      "'direct', but received " +
      *obstacle + ".");
}

}  // namespace spikeport::hdf5
