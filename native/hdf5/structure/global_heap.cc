#include "hdf5/structure/global_heap.h"

#include <algorithm>
#include <utility>

namespace spikeport::hdf5::structure {
namespace {

/** Beyond so many objects all collections are forgotten: 4 MiB. */
constexpr std::size_t most_remembered = std::size_t{1} << 18U;

}  // namespace

HeapReference read_heap_reference(Cursor& element) {
  HeapReference reference;
  reference.length = element.four();
  reference.address = element.address();
  reference.number = element.four();
  return reference;
}

std::string GlobalHeap::text(const HeapReference& reference) {
  if (reference.is_null()) return {};
  const Object& found = object(reference);
  require(reference.length <= found.length, "a text of it is longer than its place in the heap");
  const auto bytes = bytes_.view(reference.address + found.offset, reference.length);
  const auto* first = reinterpret_cast<const char*>(bytes.data());
  return {first, std::find(first, first + bytes.size(), '\0')};
}

bool GlobalHeap::has_exactly(const HeapReference& reference, std::uint64_t bytes) {
  return reference.is_null() || object(reference).length == bytes;
}

const GlobalHeap::Object& GlobalHeap::object(const HeapReference& reference) {
  auto known = collections_.find(reference.address);
  if (known == collections_.end()) {
    Collection collection = read_collection(reference.address);
    if (remembered_ + collection.size() > most_remembered) {
      collections_.clear();
      remembered_ = 0;
    }
    remembered_ += collection.size();
    known = collections_.emplace(reference.address, std::move(collection)).first;
  }
  const Collection& collection = known->second;
  require(reference.number < collection.size() && collection[reference.number].offset != 0,
          "a text of it is not in the heap");
  return collection[reference.number];
}

GlobalHeap::Collection GlobalHeap::read_collection(std::uint64_t address) {
  const Widths widths = bytes_.widths();
  const std::uint64_t head_bytes = (8 + widths.length + 7) / 8 * 8;
  Cursor head = bytes_.cursor(address, 8 + widths.length);
  head.expect("GCOL", "its heap of texts is not there");
  require(head.byte() == 1, "its heap of texts is of an unknown version");
  head.skip(3);
  const std::uint64_t size = head.length();
  require(bytes_.has(address, size), "its heap of texts leads beyond the end of the file");
  const std::uint64_t object_bytes = (8 + widths.length + 7) / 8 * 8;
  Collection collection;
  std::uint64_t at = head_bytes;
  while (at <= size && size - at >= object_bytes) {
    Cursor object = bytes_.cursor(address + at, 8 + widths.length);
    const unsigned number = object.two();
    object.skip(6);
    const std::uint64_t length = object.length();
    if (number == 0) {
      // Free space, which the library passes by its length: it never ends with one of 0.
      require(length >= object_bytes && length <= size - at, "the free space of its heap of texts is damaged");
      at += length;
      continue;
    }
    const std::uint64_t offset = at + object_bytes;
    require(length <= size - offset, "its heap of texts has objects beyond its end");
    if (collection.size() <= number) collection.resize(number + 1);
    collection[number] = {.offset = offset, .length = length};
    at = offset + (length + 7) / 8 * 8;
  }
  return collection;
}

}  // namespace spikeport::hdf5::structure
