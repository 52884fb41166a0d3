#include "hdf5/library/library_writer.h"

#include <variant>

#include "hdf5/library/error.h"
#include "hdf5/library/references.h"

namespace spikeport::hdf5 {

Workload LibraryWriter::workload() const {
  Workload workload{};
  const auto add = [&](const auto& dataset) {
    (dataset.chunking ? workload.chunks : workload.extents) += dataset.source->byte_size();
  };
  for (const Object& object : plan().objects) {
    if (const auto* dataset = std::get_if<Dataset>(&object)) add(*dataset);
    if (const auto* units = std::get_if<UnitDatasets>(&object)) add(*units);
  }
  return workload;
}

std::uint64_t LibraryWriter::prepare(unsigned encoders) {
  chunks_.emplace(plan().objects, encoders, [](const Dataset& /*dataset*/) { return true; });
  const auto [extents, chunks] = workload();
  std::uint64_t bytes = extents + chunks;
  for (const Object& object : plan().objects) {
    if (const auto* dataset = std::get_if<TextDataset>(&object)) bytes += dataset->texts.bytes().size();
  }
  return bytes;
}

bool LibraryWriter::lay_out(const PartialFile& file, Job& job) {
  constexpr int objects_at_a_time = 64;
  if (!file_) {
    initialize();
    file_.emplace(file.path(), file.target(), plan().page_bytes, plan().attributes);
    chunk_writer_.emplace(*file_);
  }
  if (texts_) {
    write_texts(job);
    return true;
  }
  for (int i = 0; i < objects_at_a_time && !texts_; i++) {
    if (next_object_ == plan().objects.size()) return false;
    std::visit([this](const auto& object) { create(object); }, plan().objects[next_object_]);
  }
  return true;
}

bool LibraryWriter::write_chunks(unsigned participant) {
  return chunks_->hand_over(participant, [this](const ChunkBatch& batch) { chunk_writer_->write(batch); });
}

void LibraryWriter::finish() {
  write_references(*file_, "", plan().attributes);
  for (const Object& object : plan().objects) {
    write_references(*file_, path_of(object), attributes_of(object));
    if (const auto* dataset = std::get_if<ReferenceDataset>(&object)) write_references(*file_, *dataset);
  }
}

void LibraryWriter::close() {
  chunk_writer_.reset();
  texts_.reset();
  if (file_) file_->close();
}

void LibraryWriter::create(const Dataset& dataset) {
  place(dataset.path, dataset.type(), dataset.source, 0, dataset.shape(), dataset.chunking, dataset.attributes);
  next_object_++;
}

/** Creates the next of the group's datasets. */
void LibraryWriter::create(const UnitDatasets& group) {
  const SpikeTrains& trains = group.source->trains();
  if (next_unit_ == 0) file_->create_group(group.path, {});
  if (next_unit_ < trains.unit_count()) {
    const std::uint64_t count = trains.spike_count(next_unit_);
    place(unit_path(group, next_unit_), group.source->type(), group.source, trains.first_spike(next_unit_), {&count, 1},
          group.chunking, {});
    next_unit_++;
  }
  if (next_unit_ == trains.unit_count()) {
    next_unit_ = 0;
    next_object_++;
  }
}

void LibraryWriter::create(const TextDataset& dataset) {
  texts_.emplace(*file_, dataset);
  next_object_++;
}

void LibraryWriter::create(const ReferenceDataset& dataset) {
  file_->create_dataset(dataset.path, ObjectReference{}, dataset.shape, dataset.chunking, dataset.attributes);
  next_object_++;
}

void LibraryWriter::create(const Group& group) {
  file_->create_group(group.path, group.attributes);
  next_object_++;
}

void LibraryWriter::create(const SoftLink& link) {
  file_->create_link(link);
  next_object_++;
}

void LibraryWriter::write_texts(Job& job) {
  if (texts_->is_done()) {
    texts_.reset();
  } else {
    job.advance(texts_->write_some());
  }
}

void LibraryWriter::place(const std::string& path, const Datatype& type, const std::shared_ptr<const Source>& source,
                          std::uint64_t first, std::span<const std::uint64_t> shape,
                          const std::optional<Chunking>& chunking, std::span<const Attribute> attributes) {
  if (has_chunks(chunking, shape)) {
    if (element_count(shape) == 0) file_->create_dataset(path, type, shape, chunking, attributes);
    return;
  }
  const auto offset = file_->create_contiguous(path, type, shape, attributes);
  const std::uint64_t numbers = element_count(shape) * element_size(type) / size_of(source->type());
  if (offset) extents_.push_back({source.get(), first, numbers, *offset});
}

}  // namespace spikeport::hdf5
