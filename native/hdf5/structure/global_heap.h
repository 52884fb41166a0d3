// The global heap, which holds texts of variable length (III.E of the format's specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
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

/**
 * Reads objects of the global heap. Remembers where the objects of the collections are that were used last, and none of
 * their bytes: that takes at most half of what the collections have in the file, and 32 MiB.
 */
class GlobalHeap {
 public:
  explicit GlobalHeap(FileBytes& bytes) : bytes_(bytes) {}

  /** The text that a reference leads to, up to its first NUL. */
  std::string text(const HeapReference& reference);
  /** Whether the library can read what a reference leads to: it takes all of an object, as long as that may be. */
  bool has_exactly(const HeapReference& reference, std::uint64_t bytes);
  /** How many objects have been listed so far, which is what takes time: at most 2^16 for a collection. */
  [[nodiscard]] std::uint64_t listed() const { return listed_; }

 private:
  /** An object's bytes in the file. */
  struct Object {
    std::uint64_t address;
    std::uint64_t length;
  };
  struct Collection {
    std::uint64_t address;
    /** In the order of their numbers: the number in 16 bits, and in 48 bits the offset. */
    std::vector<std::uint64_t> objects;
  };
  using Collections = std::list<Collection>;

  Object object(const HeapReference& reference);
  const Collection& collection(std::uint64_t address);
  [[nodiscard]] Collection read_collection(std::uint64_t address);
  /** What is before an object's bytes, and before the first object. */
  [[nodiscard]] std::uint64_t head_bytes() const { return (8 + bytes_.widths().length + 7) / 8 * 8; }

  FileBytes& bytes_;
  /** The one that was used last is the first. */
  Collections collections_;
  std::unordered_map<std::uint64_t, Collections::iterator> by_address_;
  /** The objects of all of them, and what they take themselves. */
  std::size_t remembered_ = 0;
  std::uint64_t listed_ = 0;
};

}  // namespace spikeport::hdf5::structure
