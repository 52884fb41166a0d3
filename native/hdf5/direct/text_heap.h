#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hdf5/direct/encoder.h"
#include "hdf5/direct/records.h"
#include "hdf5/model/packed_texts.h"
#include "sources/source.h"

namespace spikeport::hdf5::direct {

/** What stands for a text where an element is: its length, and where it is ("Global Heap ID"). */
struct TextPlace {
  std::uint32_t length;
  std::uint64_t collection;
  std::uint32_t index;

  void encode(Encoder& out) const;
};

/**
 * Texts in collections of "Disk Format: Level 1E - Global Heap", which lie behind each other. They are made when they
 * are written: only where each collection begins is held.
 */
class TextHeap : public Source {
 public:
  /** @param address where the first collection goes */
  TextHeap(PackedTexts texts, std::uint64_t address);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

  [[nodiscard]] TextPlace place_of(std::size_t text) const;

 private:
  /** The number of its first text, and where it begins in the source. */
  struct Collection {
    std::size_t first_text;
    std::uint64_t offset;
  };

  TextHeap(std::vector<Collection> collections, PackedTexts texts, std::uint64_t address);
  static std::vector<Collection> collections_of(const PackedTexts& texts);

  PackedTexts texts_;
  std::uint64_t address_;
  /** And one that would come behind the last. */
  std::vector<Collection> collections_;
};

/** The elements of a dataset of texts. */
class TextElements : public Records {
 public:
  /** @param first the number of the first text in the heap */
  TextElements(std::shared_ptr<const TextHeap> heap, std::size_t first, std::size_t count);

 private:
  void encode(std::uint64_t number, std::span<std::byte> record) const override;

  std::shared_ptr<const TextHeap> heap_;
  std::size_t first_;
};

}  // namespace spikeport::hdf5::direct
