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

/** Reads texts of variable length some at a time, those of one collection of the heap after each other: one that is not
 * remembered is listed again for each run of its texts. */
class HeapTexts {
 public:
  /** Takes what the elements refer to. The texts that were left are dropped. */
  void begin(OpenFile& file, const std::string& object, std::span<const std::byte> elements, std::size_t element_size);
  [[nodiscard]] bool is_done() const { return next_ == order_.size(); }
  /** Reads the next texts; appends all in the order of the elements once the last one has been read. */
  void read_some(OpenFile& file, const std::string& object, std::vector<std::string>& texts);

 private:
  std::vector<structure::HeapReference> references_;
  /** The numbers of the references, in the order of their places in the file. */
  std::vector<std::size_t> order_;
  std::size_t next_ = 0;
  std::vector<std::string> found_;
};

/** Reads the texts of a dataset, or of its references the paths of the objects, some rows at a time. On the HDF5
 * thread. */
class TextReader {
 public:
  TextReader(OpenFile& file, const std::string& path);
  /** Appends the next texts; returns whether there are more. */
  bool read_some(std::vector<std::string>& texts);

 private:
  [[nodiscard]] std::uint64_t rows() const { return dataset_.shape.empty() ? 1 : dataset_.shape[0]; }
  void read_rows(std::uint64_t row_count);
  bool read_heap(std::vector<std::string>& texts);
  void read_chunks(std::uint64_t row_count);
  void fill();

  OpenFile& file_;
  structure::CheckedObject checked_;
  StoredDataset dataset_;
  std::uint64_t row_ = 0;
  std::uint64_t rows_a_step_ = 1;
  /** The elements of the rows that are read now, and what they refer to. */
  std::vector<std::byte> rows_;
  HeapTexts heap_texts_;
  std::vector<std::byte> chunk_;
  ChunkDecoder decoder_;
};

}  // namespace spikeport::hdf5
