// Reads texts and references, of datasets and attributes.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "hdf5/reading/chunk_decoder.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {

/** The texts of an attribute; of references, the paths of the objects. */
std::vector<std::string> attribute_texts(OpenFile& file, const std::string& object, hid_t attribute,
                                         const StoredType& type, std::uint64_t count);

/** Memory for the texts of variable length that the library reads: limited, and freed also after a failure. */
class TextMemory {
 public:
  explicit TextMemory(std::uint64_t most) : left_(most) {}
  TextMemory(const TextMemory&) = delete;
  TextMemory& operator=(const TextMemory&) = delete;
  ~TextMemory();

  /** Null where no more is allowed, or there. */
  void* allocate(std::size_t size);
  void release(void* block);

 private:
  /** The bytes that texts may still have: a file can name the same bytes many times. */
  std::uint64_t left_;
  std::unordered_set<void*> blocks_;
};

/** Reads the texts of a dataset, or of its references the paths of the objects, some rows at a time. On the HDF5
 * thread. */
class TextReader {
 public:
  TextReader(OpenFile& file, const std::string& path);
  /** Appends the next texts; returns whether there are more. */
  bool read_some(std::vector<std::string>& texts);

 private:
  /** The bytes of an element in the file: of a text of variable length, its length, and the address and the index of
   * its bytes in a heap. */
  [[nodiscard]] std::size_t element_bytes() const;
  void check_chunks(std::uint64_t row_count);

  OpenFile& file_;
  StoredDataset dataset_;
  Handle type_;
  Handle transfer_;
  std::uint64_t row_ = 0;
  std::uint64_t rows_a_step_ = 1;
  TextMemory memory_;
  std::vector<std::byte> chunk_;
  ChunkDecoder decoder_;
};

}  // namespace spikeport::hdf5
