// Opens raw samples in a dataset, for worker threads to read without the library.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "hdf5/reading/chunked_samples.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/stored_dataset.h"
#include "hdf5/structure/chunk_places.h"
#include "reading/sample_file.h"

namespace spikeport::hdf5 {

/** More channels than any probe has. */
constexpr std::uint64_t most_channels = std::uint64_t{1} << 20U;

/** Samples of a dataset that are being opened, on the HDF5 thread. */
class SampleOpening {
 public:
  /**
   * @param path of the dataset: of two axes, or of one, which is a single channel
   * @param by_channel whether the axes are channels × samples, and not samples × channels
   */
  SampleOpening(std::string path, bool by_channel) : path_(std::move(path)), by_channel_(by_channel) {}

  /** Opens the dataset, or reads where its next chunks are; returns whether there is more to do. Throws a FormatError
   * where samples cannot be read, and why. */
  bool open_some(const OpenFile& file);
  /** What the file has of it open is closed. */
  void close();
  /** The samples, when they are open. */
  [[nodiscard]] std::shared_ptr<const SampleFile> take() { return std::move(samples_); }

 private:
  void begin(const OpenFile& file);
  void open_flat(const OpenFile& file, std::uint64_t offset);
  void open_chunks(const OpenFile& file);
  [[nodiscard]] std::uint64_t axis(std::size_t axis, std::uint64_t missing) const;
  [[nodiscard]] static SampleFileId id_of(const OpenFile& file);

  std::string path_;
  bool by_channel_;
  bool has_begun_ = false;
  StoredDataset dataset_;
  std::vector<std::byte> fill_;
  std::unique_ptr<structure::ChunkPlaceReader> places_;
  std::shared_ptr<const SampleFile> samples_;
};

}  // namespace spikeport::hdf5
