// The writer that lays HDF5 files out itself, without the HDF5 library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hdf5/chunks/chunk_batches.h"
#include "hdf5/direct/file_image.h"
#include "hdf5/model/file_writer.h"
#include "hdf5/model/plan.h"
#include "platform/file.h"

namespace spikeport::hdf5::direct {

/**
 * What keeps the direct writer from making this file, in a few words for an error; nothing if it can. It can hold what
 * fits into the earliest version of the format, but for texts and references in chunks that are no whole rows.
 */
std::optional<std::string> obstacle(const Plan& plan);

/**
 * Lays out all of a file at once. Encoded chunks are written where they follow each other, and every other byte as an
 * extent. Needs a plan without an obstacle.
 */
class DirectWriter : public FileWriter {
 public:
  using FileWriter::FileWriter;

  [[nodiscard]] ThreadPool& thread() const override { return workers(); }
  [[nodiscard]] Workload workload() const override;
  [[nodiscard]] bool continues_begun() const override { return true; }
  std::uint64_t prepare(unsigned encoders) override;
  bool lay_out(const PartialFile& file, Job& job) override;
  bool encode_chunks(Job& job, unsigned participant) override;
  bool write_chunks(unsigned participant) override;
  std::vector<Extent> take_extents(Job& job) override;

 private:
  void write(const ChunkBatch& batch);

  std::optional<FileImage> image_;
  /** Where there are any. */
  std::optional<ChunkBatches> batches_;
  const platform::File* file_ = nullptr;
  /** Where the encoded chunks begin. */
  std::uint64_t first_chunk_ = 0;
};

}  // namespace spikeport::hdf5::direct
