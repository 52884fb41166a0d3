// Texts of variable length: III.E, "Global Heap", of the HDF5 File Format Specification.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hdf5/direct/metadata.h"
#include "hdf5/model/packed_texts.h"
#include "hdf5/model/plan.h"
#include "sources/source.h"

namespace spikeport::hdf5::direct {

/** The texts of all attributes and of small datasets, gathered for one heap. */
class SharedTexts {
 public:
  /** How many there are, which is the number of the next. */
  [[nodiscard]] std::size_t size() const { return ends_.size(); }

  void add(std::string_view text);
  void add(const PackedTexts& texts);
  /** Adds those of attributes, in their order. */
  void add(std::span<const Attribute> attributes);

  /** All of them, as long as no others are added. */
  [[nodiscard]] PackedTexts packed() const { return {bytes_, ends_}; }

 private:
  std::string bytes_;
  std::vector<double> ends_;
};

/** A text as an element holds it: its length and its place ("Global Heap ID"). */
struct TextPlace {
  std::uint32_t length;
  std::uint64_t collection;
  std::uint32_t index;

  void encode(Encoder& out) const;
};

/** Texts in consecutive collections of the global heap. They are generated when they are written: only where each
 * collection begins is held in memory. */
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
  /** And one that would follow the last. */
  std::vector<Collection> collections_;
};

/** The elements of a dataset of texts. */
class TextElements : public GeneratedRecords {
 public:
  /** @param first the number of the first text in the heap */
  TextElements(std::shared_ptr<const TextHeap> heap, std::size_t first, std::size_t count);

 private:
  void encode(std::uint64_t number, std::span<std::byte> record) const override;

  std::shared_ptr<const TextHeap> heap_;
  std::size_t first_;
};

}  // namespace spikeport::hdf5::direct
