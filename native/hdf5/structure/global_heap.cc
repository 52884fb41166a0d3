#include "hdf5/structure/global_heap.h"

#include <algorithm>
#include <utility>

namespace spikeport::hdf5::structure {
namespace {

/** Beyond so many objects, of 8 bytes each, the collections that were used longest ago are forgotten. */
constexpr std::size_t most_remembered = std::size_t{1} << 22U;

/** A collection itself takes as much as so many objects. */
constexpr std::size_t objects_of_collection = 16;

/** A collection has no two objects of one number, which has 16 bits; free space is number 0. */
constexpr std::size_t most_objects = std::size_t{1} << 16U;

constexpr unsigned offset_bits = 48;
constexpr std::uint64_t offset_mask = (std::uint64_t{1} << offset_bits) - 1;

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
  const Object found = object(reference);
  require(reference.length <= found.length, "a text of it is longer than its place in the heap");
  const auto bytes = bytes_.view(found.address, reference.length);
  const auto* first = reinterpret_cast<const char*>(bytes.data());
  return {first, std::find(first, first + bytes.size(), '\0')};
}

bool GlobalHeap::has_exactly(const HeapReference& reference, std::uint64_t bytes) {
  return reference.is_null() || object(reference).length == bytes;
}

GlobalHeap::Object GlobalHeap::object(const HeapReference& reference) {
  constexpr const char* problem = "a text of it is not in the heap";
  require(reference.number > 0 && reference.number < most_objects, problem);
  const auto& objects = collection(reference.address).objects;
  const auto next = std::ranges::upper_bound(objects, reference.number << offset_bits | offset_mask);
  require(next != objects.begin() && *std::prev(next) >> offset_bits == reference.number, problem);
  const std::uint64_t at = reference.address + (*std::prev(next) & offset_mask);
  Cursor head = bytes_.cursor(at, 8 + bytes_.widths().length);
  head.skip(8);
  return {.address = at + head_bytes(), .length = head.length()};
}

const GlobalHeap::Collection& GlobalHeap::collection(std::uint64_t address) {
  const auto known = by_address_.find(address);
  if (known != by_address_.end()) {
    collections_.splice(collections_.begin(), collections_, known->second);
    return collections_.front();
  }
  collections_.push_front(read_collection(address));
  by_address_.emplace(address, collections_.begin());
  remembered_ += objects_of_collection + collections_.front().objects.size();
  while (remembered_ > most_remembered) {
    remembered_ -= objects_of_collection + collections_.back().objects.size();
    by_address_.erase(collections_.back().address);
    collections_.pop_back();
  }
  return collections_.front();
}

GlobalHeap::Collection GlobalHeap::read_collection(std::uint64_t address) {
  const Widths widths = bytes_.widths();
  Cursor head = bytes_.cursor(address, 8 + widths.length);
  head.expect("GCOL", "its heap of texts is not there");
  require(head.byte() == 1, "its heap of texts is of an unknown version");
  head.skip(3);
  const std::uint64_t size = head.length();
  require(bytes_.has(address, size) && size <= offset_mask, "its heap of texts leads beyond the end of the file");
  const std::uint64_t object_bytes = head_bytes();
  Collection collection{.address = address, .objects = {}};
  std::uint64_t at = object_bytes;
  for (std::size_t count = 0; at <= size && size - at >= object_bytes; count++) {
    require(count < most_objects, "its heap of texts has more objects than numbers");
    Cursor object = bytes_.cursor(address + at, 8 + widths.length);
    const std::uint64_t number = object.two();
    object.skip(6);
    const std::uint64_t length = object.length();
    listed_++;
    if (number == 0) {
      // Free space, which the library passes by its length: it never ends with one of 0.
      require(length >= object_bytes && length <= size - at, "the free space of its heap of texts is damaged");
      at += length;
      continue;
    }
    const std::uint64_t offset = at + object_bytes;
    require(length <= size - offset, "its heap of texts has objects beyond its end");
    collection.objects.push_back(number << offset_bits | at);
    at = offset + (length + 7) / 8 * 8;
  }
  std::ranges::sort(collection.objects);
  collection.objects.shrink_to_fit();
  return collection;
}

}  // namespace spikeport::hdf5::structure
