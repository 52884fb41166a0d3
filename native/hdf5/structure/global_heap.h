// The global heap, which holds texts of variable length (III.E of the format's specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "hdf5/structure/file_bytes.h"

namespace spikeport::hdf5::structure {

/** Where the elements of a type of variable length are. */
struct HeapReference {
  std::uint64_t length = 0;
  std::uint64_t address = undefined;
  std::uint64_t number = 0;

  [[nodiscard]] bool is_null() const { return length == 0 || address == 0 || address == undefined; }
};

HeapReference read_heap_reference(Cursor& element);

/** Reads objects of the global heap. Remembers where the objects of some collections are, and none of their bytes. */
class GlobalHeap {
 public:
  explicit GlobalHeap(FileBytes& bytes) : bytes_(bytes) {}

  /** The text that a reference leads to, up to its first NUL. */
  std::string text(const HeapReference& reference);
  /** Whether the library can read what a reference leads to: it takes all of an object, as long as that may be. */
  bool has_exactly(const HeapReference& reference, std::uint64_t bytes);

 private:
  struct Object {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  using Collection = std::vector<Object>;

  const Object& object(const HeapReference& reference);
  [[nodiscard]] Collection read_collection(std::uint64_t address);

  FileBytes& bytes_;
  std::unordered_map<std::uint64_t, Collection> collections_;
  /** The objects of all of them. */
  std::size_t remembered_ = 0;
};

}  // namespace spikeport::hdf5::structure
