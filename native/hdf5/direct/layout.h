// The layout of a file: superblock, local heaps, addresses of objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "hdf5/direct/btree.h"
#include "hdf5/direct/metadata.h"
#include "hdf5/model/file_writer.h"
#include "hdf5/model/plan.h"
#include "sources/source.h"

namespace spikeport::hdf5::direct {

/** Gives sources consecutive stretches of the file, and keeps them. */
class Layout {
 public:
  explicit Layout(std::uint64_t begin = 0) : end_(begin) {}

  /** The bytes that are given away: what is placed next begins here, or at the next aligned address. */
  [[nodiscard]] std::uint64_t end() const { return end_; }
  /** The bytes that are written: all but holes. */
  [[nodiscard]] std::uint64_t placed() const { return placed_; }
  /** All bytes of the file but those that are skipped, by address. */
  [[nodiscard]] const std::vector<Extent>& extents() const { return extents_; }

  /** Gives metadata the next bytes of the file. @return their address: the end, when that is aligned */
  std::uint64_t place(std::shared_ptr<const Source> metadata);
  /** The same for the elements of a dataset. Large ones begin on a page. */
  std::uint64_t place_elements(std::shared_ptr<const Source> elements);
  /** Leaves a hole, whose bytes are read as zeros, so that what is placed next does not begin in one page and end in
   * another, unless it is larger than a page: then it begins one. */
  void skip_to_page(std::uint64_t byte_size, std::uint64_t page_bytes);
  /** The same for zeros. */
  void place_zeros(std::uint64_t count);
  /** Leaves out the bytes up to this address, which are written elsewhere. */
  void skip_to(std::uint64_t address) { end_ = address; }
  /** Moves the end to where metadata can begin. */
  void align();
  /** Adds all that was placed in another layout, which began at the end of this one or later. */
  void append(Layout other);

 private:
  std::uint64_t append(const Source& source);
  void pad(std::uint64_t alignment);

  std::uint64_t end_ = 0;
  std::uint64_t placed_ = 0;
  std::vector<Extent> extents_;
  /** What the extents point at. */
  std::vector<std::shared_ptr<const Source>> sources_;
};

constexpr std::size_t superblock_size = 96;

/** Writes II.A, "Format Signature and Superblock", version 0. */
void encode_superblock(const SymbolTableEntry& root, std::uint64_t file_size, std::span<std::byte> out);

constexpr std::size_t paged_superblock_size = 48;

/** Writes version 2, the first that has an extension, an object header with what else is true of the file. */
void encode_paged_superblock(std::uint64_t root, std::uint64_t extension, std::uint64_t file_size,
                             std::span<std::byte> out);

constexpr std::size_t local_heap_header_size = 32;

/** Where the first name of a heap is: the empty one, below all others, lies before it. */
constexpr std::uint64_t first_name_offset = 8;

/** Writes the first part of III.D, "Local Heaps". */
void encode_local_heap_header(std::uint64_t data_size, std::uint64_t data_address, std::span<std::byte> out);

/**
 * The other part, a heap's data segment, as names are added to it. Names are UTF-8: the format has no field for their
 * character set here, and readers, h5py among them, decode UTF-8.
 */
class NameHeap {
 public:
  /** @return the name's offset */
  std::uint64_t add(std::string_view name);
  [[nodiscard]] std::vector<std::byte> take() { return std::move(data_); }

 private:
  std::vector<std::byte> data_ = std::vector<std::byte>(first_name_offset);
};

/** The addresses of objects that references are to: requested first, set once the objects have their places. */
class ObjectAddresses {
 public:
  /** Where the address of an object's header will be. It stays there. */
  const std::uint64_t& request(const Reference& reference);

  /** Sets the address of the object that these names lead to, if it has been requested. */
  void set(std::span<const std::string_view> names, std::uint64_t header);

  /** The same for a group's objects that are named 0, 1, …, whose headers follow each other. */
  void set_numbered(std::span<const std::string_view> group, std::uint64_t headers, std::uint64_t header_size);

 private:
  std::map<std::vector<std::string_view>, std::uint64_t> addresses_;
};

/** The elements of a dataset of object references. */
class ReferenceElements : public GeneratedRecords {
 public:
  /**
   * @param addresses of the objects' headers, which only have to be known when they are written
   * @param choices the object of each element, by its place among these
   */
  ReferenceElements(std::vector<const std::uint64_t*> addresses, std::span<const std::int32_t> choices)
      : GeneratedRecords(ObjectReference::stored_size, choices.size()),
        addresses_(std::move(addresses)),
        choices_(choices) {}

 private:
  void encode(std::uint64_t number, std::span<std::byte> record) const override {
    Encoder(record).u64(*addresses_[static_cast<std::size_t>(choices_[number])]);
  }

  std::vector<const std::uint64_t*> addresses_;
  std::span<const std::int32_t> choices_;
};

}  // namespace spikeport::hdf5::direct
