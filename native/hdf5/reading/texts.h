// Reads texts and references, of datasets and attributes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hdf5/reading/chunk_decoder.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {

/** Appends the texts in elements as they are in the file; of references, the paths of the objects. Not by the library,
 * which crashes where what a text of variable length refers to is damaged. */
void append_texts(OpenFile& file, const std::string& object, std::span<const std::byte> elements,
                  const StoredType& type, std::vector<std::string>& texts);

/** Reads the texts of a dataset, or of its references the paths of the objects, some rows at a time. On the HDF5
 * thread. */
class TextReader {
 public:
  TextReader(OpenFile& file, const std::string& path);
  /** Appends the next texts; returns whether there are more. */
  bool read_some(std::vector<std::string>& texts);

 private:
  void read_rows(std::uint64_t row_count);
  void read_chunks(std::uint64_t row_count);
  void fill();

  OpenFile& file_;
  structure::CheckedObject checked_;
  StoredDataset dataset_;
  std::uint64_t row_ = 0;
  std::uint64_t rows_a_step_ = 1;
  /** The elements of the rows that are read now. */
  std::vector<std::byte> rows_;
  std::vector<std::byte> chunk_;
  ChunkDecoder decoder_;
};

}  // namespace spikeport::hdf5
