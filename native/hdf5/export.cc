#include "hdf5/export.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "hdf5/direct/direct_export.h"
#include "hdf5/extents.h"
#include "hdf5/library/chunk_writer.h"
#include "hdf5/library/error.h"
#include "hdf5/library/file.h"
#include "hdf5/library/references.h"
#include "hdf5/library/text_writer.h"
#include "hdf5/model/plan_check.h"
#include "storage/partial_file.h"

namespace spikeport::hdf5 {
namespace {

/** The state of one export, and its stages in the order they run. */
class Export {
 public:
  Export(Plan plan, const ExportSettings& settings) : plan_(std::move(plan)), settings_(settings) {}

  /** Bytes written past the library. */
  [[nodiscard]] std::uint64_t contiguous_bytes() const {
    return bytes_of([](bool chunked) { return !chunked; });
  }
  [[nodiscard]] std::uint64_t chunked_bytes() const {
    return bytes_of([](bool chunked) { return chunked; });
  }
  [[nodiscard]] const ExportResult& result() const { return result_; }
  /** How many threads may make chunks at once. */
  [[nodiscard]] unsigned encoders() const { return useful_threads(chunked_bytes(), settings_); }

  /** Bytes of texts, which the library writes. */
  [[nodiscard]] std::uint64_t text_bytes() const {
    std::uint64_t bytes = 0;
    for (const Object& object : plan_.objects) {
      if (const auto* dataset = std::get_if<TextDataset>(&object)) bytes += dataset->texts.bytes().size();
    }
    return bytes;
  }

  bool open(Job& /*job*/) {
    check(plan_);
    partial_.emplace(file_target(plan_.target));
    chunks_.emplace(plan_.objects, encoders());
    return false;
  }

  /** Makes all but the chunked datasets, a few objects or texts at a time. */
  bool build(Job& job) {
    constexpr int objects_at_a_time = 64;
    if (!file_) {
      initialize();
      file_.emplace(partial_->path(), partial_->target(), plan_.attributes);
    }
    if (texts_) {
      write_texts(job);
      return true;
    }
    for (int i = 0; i < objects_at_a_time && !texts_; i++) {
      if (next_object_ == plan_.objects.size()) return false;
      std::visit([this](const auto& object) { create(object); }, plan_.objects[next_object_]);
    }
    return true;
  }

  bool lay_out(Job& /*job*/) {
    extents_.emplace(partial_->file(), std::move(contiguous_));
    return false;
  }

  bool write_extents(Job& job) { return extents_->write_some(job); }

  bool encode_chunks(Job& job, unsigned participant) { return chunks_->encode(job, participant); }

  bool write_chunks(unsigned participant) { return chunks_->write(*file_, participant); }

  /** Makes references, now that all objects are there. */
  bool refer(Job& /*job*/) {
    write_references(*file_, "", plan_.attributes);
    for (const Object& object : plan_.objects) {
      write_references(*file_, path_of(object), attributes_of(object));
      if (const auto* dataset = std::get_if<ReferenceDataset>(&object)) write_references(*file_, *dataset);
    }
    return false;
  }

  bool close(Job& /*job*/) {
    chunks_.reset();
    texts_.reset();
    if (file_) file_->close();
    return false;
  }

  bool publish(Job& job) {
    if (settings_.durable) partial_->make_durable();
    job.throw_if_cancelled();
    result_.bytes_written = partial_->publish();
    return false;
  }

  bool clean_up(Job& /*job*/) {
    partial_.reset();
    return false;
  }

 private:
  void create(const Dataset& dataset) {
    place(dataset.path, dataset.type(), dataset.source, 0, dataset.source->shape(), dataset.chunking,
          dataset.attributes);
    next_object_++;
  }

  void create(const TextDataset& dataset) {
    texts_.emplace(*file_, dataset);
    next_object_++;
  }

  void create(const ReferenceDataset& dataset) {
    file_->create_dataset(dataset.path, ObjectReference{}, {&dataset.count, 1}, dataset.chunking, dataset.attributes);
    next_object_++;
  }

  void create(const Group& group) {
    file_->create_group(group.path, group.attributes);
    next_object_++;
  }

  void create(const SoftLink& link) {
    file_->create_link(link);
    next_object_++;
  }

  /** Makes the next of the group's datasets. */
  void create(const UnitDatasets& group) {
    const SpikeTrains& trains = group.source->trains();
    if (next_unit_ == 0) file_->create_group(group.path, {});
    if (next_unit_ < trains.unit_count()) {
      const std::uint64_t count = trains.spike_count(next_unit_);
      place(unit_path(group, next_unit_), group.source->type(), group.source, trains.first_spike(next_unit_),
            {&count, 1}, group.chunking, {});
      next_unit_++;
    }
    if (next_unit_ == trains.unit_count()) {
      next_unit_ = 0;
      next_object_++;
    }
  }

  void write_texts(Job& job) {
    if (texts_->is_done()) {
      texts_.reset();
    } else {
      job.advance(texts_->write_some());
    }
  }

  /** Makes a dataset for the source's elements from number `first` on, unless they are written chunk by chunk, and
   * remembers what goes there. */
  void place(const std::string& path, const Datatype& type, const std::shared_ptr<const Source>& source,
             std::uint64_t first, std::span<const std::uint64_t> shape, const std::optional<Chunking>& chunking,
             std::span<const Attribute> attributes) {
    if (has_chunks(chunking, shape)) {
      if (element_count(shape) == 0) file_->create_dataset(path, type, shape, chunking, attributes);
      return;
    }
    const auto offset = file_->create_contiguous(path, type, shape, attributes);
    if (offset) contiguous_.push_back({source.get(), first, element_count(shape), *offset});
  }

  template <typename Wanted>
  [[nodiscard]] std::uint64_t bytes_of(Wanted wanted) const {
    std::uint64_t bytes = 0;
    for (const Object& object : plan_.objects) {
      if (const auto* dataset = std::get_if<Dataset>(&object)) {
        if (wanted(dataset->chunking.has_value())) bytes += dataset->source->byte_size();
      } else if (const auto* units = std::get_if<UnitDatasets>(&object)) {
        if (wanted(units->chunking.has_value())) bytes += units->source->byte_size();
      }
    }
    return bytes;
  }

  Plan plan_;
  ExportSettings settings_;
  ExportResult result_;
  std::optional<PartialFile> partial_;
  std::optional<File> file_;
  std::size_t next_object_ = 0;
  std::size_t next_unit_ = 0;
  /** Of the object before the next one, while it has texts to be written. */
  std::optional<TextWriter> texts_;
  std::optional<ChunkWriter> chunks_;
  std::vector<Extent> contiguous_;
  std::optional<ExtentWriter> extents_;
};

}  // namespace

ExportJob export_job(Plan plan, const ExportSettings& settings) {
  if (holds_directly(plan)) return direct_export_job(std::move(plan), settings);
  auto state = std::make_shared<Export>(std::move(plan), settings);
  const auto stage = [state](bool (Export::*work)(Job&)) {
    return [state, work](Job& job, unsigned /*participant*/) { return (state.get()->*work)(job); };
  };
  const auto encode = [state](Job& job, unsigned participant) { return state->encode_chunks(job, participant); };
  const auto write = [state](Job& /*job*/, unsigned participant) { return state->write_chunks(participant); };
  // A thread of its own is not worth a block or two.
  const auto filling = [](std::uint64_t bytes) -> ThreadPool& {
    return bytes <= block_size ? hdf5_thread() : workers();
  };
  ThreadPool& contiguous = filling(state->contiguous_bytes());
  ThreadPool& chunked = filling(state->chunked_bytes());
  std::vector<Stage> stages{
      {.threads = workers(), .work = stage(&Export::open)},
      {.threads = hdf5_thread(), .work = stage(&Export::build)},
      {.threads = contiguous, .work = stage(&Export::lay_out)},
      {.threads = contiguous,
       .work = stage(&Export::write_extents),
       .participants = useful_threads(state->contiguous_bytes(), settings)},
      {.threads = chunked,
       .work = encode,
       .participants = state->encoders(),
       .relay = Relay{.threads = hdf5_thread(), .work = write}},
      {.threads = hdf5_thread(), .work = stage(&Export::refer)},
      {.threads = hdf5_thread(), .work = stage(&Export::close), .always = true},
      {.threads = workers(), .work = stage(&Export::publish)},
      {.threads = workers(), .work = stage(&Export::clean_up), .always = true},
  };
  auto job = std::make_shared<Job>(std::move(stages));
  job->expect_bytes(state->contiguous_bytes() + state->text_bytes() + state->chunked_bytes());
  return {.job = std::move(job), .result = {state, &state->result()}};
}

}  // namespace spikeport::hdf5
