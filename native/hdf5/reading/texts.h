// Reads texts and references, of datasets and attributes.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <vector>

#include "hdf5/reading/open_file.h"
#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {

/** The texts of an attribute; of references, the paths of the objects. */
std::vector<std::string> attribute_texts(OpenFile& file, const std::string& object, hid_t attribute,
                                         const StoredType& type, std::uint64_t count);

/** Reads the texts of a dataset, or of its references the paths of the objects, some rows at a time. On the HDF5
 * thread. */
class TextReader {
 public:
  TextReader(OpenFile& file, const std::string& path);
  /** Appends the next texts; returns whether there are more. */
  bool read_some(std::vector<std::string>& texts);

 private:
  OpenFile& file_;
  StoredDataset dataset_;
  Handle type_;
  Handle transfer_;
  std::uint64_t row_ = 0;
  std::uint64_t rows_a_step_ = 1;
  /** The bytes that texts of variable length may still have: a file can name the same bytes many times. */
  std::uint64_t bytes_left_ = 0;
};

}  // namespace spikeport::hdf5
