// Fractal heaps, which hold links and attributes that are not in the object's header (III.G of the format's
// specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "hdf5/structure/file_bytes.h"

namespace spikeport::hdf5::structure {

/** A heap, for one walk over its objects: no two share bytes. Its blocks are looked for anew for each object. */
class FractalHeap {
 public:
  FractalHeap(FileBytes& bytes, std::uint64_t address);

  /** The bytes of an id. */
  [[nodiscard]] std::uint64_t id_bytes() const { return id_bytes_; }
  /** The object with an id. */
  std::vector<std::byte> object(Cursor id);

 private:
  /** Where an object of its own is. */
  struct Huge {
    std::uint64_t address;
    std::uint64_t length;
  };

  std::vector<std::byte> managed(std::uint64_t offset, std::uint64_t length);
  std::vector<std::byte> in_direct_block(std::uint64_t block, std::uint64_t begin, std::uint64_t size,
                                         std::uint64_t offset, std::uint64_t length);
  std::vector<std::byte> huge(Cursor id);
  [[nodiscard]] std::uint64_t row_size(unsigned row) const;
  [[nodiscard]] std::uint64_t row_begin(unsigned row) const;
  [[nodiscard]] unsigned row_of(std::uint64_t offset) const;

  FileBytes& bytes_;
  std::uint64_t address_;
  Seen seen_;
  std::uint64_t id_bytes_ = 0;
  std::uint64_t most_managed_ = 0;
  std::uint64_t huge_tree_ = undefined;
  std::uint64_t width_ = 0;
  std::uint64_t start_ = 0;
  std::uint64_t most_direct_ = 0;
  unsigned offset_bits_ = 0;
  std::uint64_t root_ = undefined;
  unsigned root_rows_ = 0;
  bool has_checksums_ = false;
  bool has_found_huge_ = false;
  std::map<std::uint64_t, Huge> huge_;
};

}  // namespace spikeport::hdf5::structure
