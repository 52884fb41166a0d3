// The writer that lays HDF5 files out itself, without the HDF5 library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hdf5/direct/file_image.h"
#include "hdf5/model/file_writer.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5::direct {

/**
 * What keeps the direct writer from making this file, in a few words for an error; nothing if it can. It can hold what
 * is contiguous, or extendable without filters, and fits into the earliest version of the format.
 */
std::optional<std::string> obstacle(const Plan& plan);

/** Lays out all of a file at once, and has every byte written as an extent. Needs a plan without an obstacle. */
class DirectWriter : public FileWriter {
 public:
  using FileWriter::FileWriter;

  [[nodiscard]] ThreadPool& thread() const override { return workers(); }
  [[nodiscard]] Workload workload() const override;
  std::uint64_t prepare(unsigned /*encoders*/) override { return image_.emplace(plan()).size(); }
  bool lay_out(const PartialFile& /*file*/, Job& /*job*/) override { return false; }
  std::vector<Extent> take_extents() override { return image_->extents(); }

 private:
  std::optional<FileImage> image_;
};

}  // namespace spikeport::hdf5::direct
