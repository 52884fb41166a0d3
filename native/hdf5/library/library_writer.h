// The writer that has the HDF5 library make the file: it can hold every plan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hdf5/chunks/chunk_batches.h"
#include "hdf5/library/chunk_writer.h"
#include "hdf5/library/file.h"
#include "hdf5/library/text_writer.h"
#include "hdf5/model/file_writer.h"

namespace spikeport::hdf5 {

/**
 * The library creates all objects, on the HDF5 thread, and writes texts, references and encoded chunks. Contiguous
 * elements are written past it, to where it has reserved room for them.
 */
class LibraryWriter : public FileWriter {
 public:
  using FileWriter::FileWriter;

  [[nodiscard]] ThreadPool& thread() const override { return hdf5_thread(); }
  [[nodiscard]] Workload workload() const override;
  std::uint64_t prepare(unsigned encoders) override;
  bool lay_out(const PartialFile& file, Job& job) override;
  bool encode_chunks(Job& job, unsigned participant) override { return chunks_->encode(job, participant); }
  bool write_chunks(unsigned participant) override;
  std::vector<Extent> take_extents(Job& /*job*/) override { return std::move(extents_); }
  void finish() override;
  void close() override;

 private:
  void create(const Dataset& dataset);
  void create(const UnitDatasets& group);
  void create(const TextDataset& dataset);
  void create(const ReferenceDataset& dataset);
  void create(const Group& group);
  void create(const SoftLink& link);

  void write_texts(Job& job);

  /** Creates a dataset of the source's elements from number `first` on, and notes where they go. Datasets of chunks
   * are left to the ChunkWriter. */
  void place(const std::string& path, const Datatype& type, const std::shared_ptr<const Source>& source,
             std::uint64_t first, std::span<const std::uint64_t> shape, const std::optional<Chunking>& chunking,
             std::span<const Attribute> attributes);

  std::optional<File> file_;
  std::size_t next_object_ = 0;
  std::size_t next_unit_ = 0;
  /** Of the object before the next one, while its texts are being written. */
  std::optional<TextWriter> texts_;
  std::optional<ChunkBatches> chunks_;
  std::optional<ChunkWriter> chunk_writer_;
  std::vector<Extent> extents_;
};

}  // namespace spikeport::hdf5
