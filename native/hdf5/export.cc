#include "hdf5/export.h"

#include <optional>
#include <string>
#include <utility>

#include "hdf5/chunks.h"
#include "hdf5/error.h"
#include "hdf5/file.h"
#include "sinks/extents.h"
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
  [[nodiscard]] std::uint64_t all_bytes() const {
    return bytes_of([](bool) { return true; });
  }
  [[nodiscard]] const ExportResult& result() const { return result_; }

  bool open(Job& /*job*/) {
    partial_.emplace(file_target(plan_.target));
    return false;
  }

  /** Makes objects and writes chunked datasets, a little at a time. */
  bool build(Job& job) {
    constexpr int objects_at_a_time = 64;
    if (!file_) {
      initialize();
      file_.emplace(partial_->path(), plan_.attributes);
    }
    if (chunks_) {
      if (!chunks_->write_one(*file_, job)) chunks_.reset();
      return true;
    }
    for (int i = 0; i < objects_at_a_time && !chunks_; i++) {
      if (next_object_ == plan_.objects.size()) return false;
      std::visit([this](const auto& object) { create(object); }, plan_.objects[next_object_]);
    }
    return true;
  }

  bool lay_out(Job& /*job*/) {
    extents_.emplace(partial_->fd(), partial_->target(), std::move(contiguous_));
    return false;
  }

  bool write_extents(Job& job) { return extents_->write_some(job); }

  bool close(Job& /*job*/) {
    chunks_.reset();
    if (file_) file_->close();
    return false;
  }

  bool publish(Job& job) {
    if (settings_.durable) partial_->sync();
    job.throw_if_cancelled();
    result_.bytes_written = partial_->publish();
    if (settings_.durable) sync_parent(partial_->target());
    return false;
  }

  bool clean_up(Job& /*job*/) {
    partial_.reset();
    return false;
  }

 private:
  void create(const Group& group) {
    file_->create_group(group.path, group.attributes);
    next_object_++;
  }

  void create(const Dataset& dataset) {
    place(dataset.path, dataset.column, 0, dataset.column->shape(), dataset.chunking, dataset.attributes);
    next_object_++;
  }

  /** Makes the next of the group's datasets. */
  void create(const UnitDatasets& group) {
    const Trains& trains = group.column->trains();
    if (next_unit_ == 0) file_->create_group(group.path, {});
    if (next_unit_ < trains.unit_count()) {
      const std::uint64_t count = trains[next_unit_].size();
      const std::string path = group.path + "/" + std::to_string(next_unit_);
      place(path, group.column, trains.first_spike(next_unit_), {&count, 1}, group.chunking, {});
      next_unit_++;
    }
    if (next_unit_ == trains.unit_count()) {
      next_unit_ = 0;
      next_object_++;
    }
  }

  /** Makes a dataset for the column's elements from number `first` on, and remembers what is to be written there. */
  void place(const std::string& path, const std::shared_ptr<const Column>& column, std::uint64_t first,
             std::span<const std::uint64_t> shape, const std::optional<Chunking>& chunking,
             std::span<const Attribute> attributes) {
    const std::uint64_t count = element_count(shape);
    if (!chunking || count == 0 || shape.empty()) {
      const auto offset = file_->create_contiguous(path, column->type(), shape, attributes);
      if (offset) contiguous_.push_back({column.get(), first, count, *offset});
      return;
    }
    auto chunk = chunk_shape(shape, size_of(column->type()), chunking->chunk_bytes);
    auto dataset = file_->create_chunked(path, column->type(), shape, chunk, *chunking, attributes);
    chunks_.emplace(std::move(dataset), column, first, std::vector(shape.begin(), shape.end()), std::move(chunk));
  }

  template <typename Wanted>
  [[nodiscard]] std::uint64_t bytes_of(Wanted wanted) const {
    std::uint64_t bytes = 0;
    for (const Object& object : plan_.objects) {
      if (const auto* dataset = std::get_if<Dataset>(&object)) {
        if (wanted(dataset->chunking.has_value())) bytes += dataset->column->byte_size();
      } else if (const auto* units = std::get_if<UnitDatasets>(&object)) {
        if (wanted(units->chunking.has_value())) bytes += units->column->byte_size();
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
  std::optional<ChunkWriter> chunks_;
  std::vector<Extent> contiguous_;
  std::optional<ExtentWriter> extents_;
};

}  // namespace

ExportJob export_job(Plan plan, const ExportSettings& settings) {
  auto state = std::make_shared<Export>(std::move(plan), settings);
  const auto stage = [state](bool (Export::*work)(Job&)) {
    return [state, work](Job& job) { return (state.get()->*work)(job); };
  };
  std::vector<Stage> stages{
      {.threads = workers(), .work = stage(&Export::open)},
      {.threads = hdf5_thread(), .work = stage(&Export::build)},
      {.threads = workers(), .work = stage(&Export::lay_out)},
      {.threads = workers(),
       .work = stage(&Export::write_extents),
       .participants = useful_threads(state->contiguous_bytes(), settings)},
      {.threads = hdf5_thread(), .work = stage(&Export::close), .always = true},
      {.threads = workers(), .work = stage(&Export::publish)},
      {.threads = workers(), .work = stage(&Export::clean_up), .always = true},
  };
  auto job = std::make_shared<Job>(std::move(stages));
  job->expect_bytes(state->all_bytes());
  return {.job = std::move(job), .result = {state, &state->result()}};
}

}  // namespace spikeport::hdf5
