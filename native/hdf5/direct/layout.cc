#include "hdf5/direct/layout.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>

#include "hdf5/direct/checksum.h"
#include "hdf5/model/alignment.h"
#include "hdf5/model/object_path.h"

namespace spikeport::hdf5::direct {
namespace {

/** Bytes that are zero. A last chunk may have many after its elements. */
class Zeros : public Source {
 public:
  explicit Zeros(std::uint64_t count) : Source(ElementType::u8, {count}) {}
  void fill(std::uint64_t /*first*/, std::span<std::byte> block) const override {
    std::ranges::fill(block, std::byte{0});
  }
};

}  // namespace

std::uint64_t Layout::place(std::shared_ptr<const Source> metadata) {
  align();
  sources_.push_back(std::move(metadata));
  return append(*sources_.back());
}

std::uint64_t Layout::place_elements(std::shared_ptr<const Source> elements) {
  pad(elements->byte_size() < aligned_from ? metadata_alignment : page);
  sources_.push_back(std::move(elements));
  return append(*sources_.back());
}

void Layout::place_zeros(std::uint64_t count) {
  if (count == 0) return;
  sources_.push_back(std::make_shared<Zeros>(count));
  append(*sources_.back());
}

void Layout::skip_to_page(std::uint64_t byte_size, std::uint64_t page_bytes) {
  // Without bytes there is nothing to place, and a hole at the end would lie behind the end of the file.
  if (byte_size == 0) return;
  const std::uint64_t begin = padded(end_, byte_size < aligned_from ? metadata_alignment : page);
  const std::uint64_t left = page_bytes - begin % page_bytes;
  end_ = byte_size <= left ? begin : padded(begin, page_bytes);
}

void Layout::align() { pad(metadata_alignment); }

void Layout::append(Layout other) {
  if (other.extents_.empty()) return;
  end_ = other.end_;
  placed_ += other.placed_;
  extents_.insert(extents_.end(), other.extents_.begin(), other.extents_.end());
  std::ranges::move(other.sources_, std::back_inserter(sources_));
}

std::uint64_t Layout::append(const Source& source) {
  const std::uint64_t address = end_;
  if (source.size() > 0) extents_.push_back({&source, 0, source.size(), address});
  end_ += source.byte_size();
  placed_ += source.byte_size();
  return address;
}

/** Fills the file with zeros up to a multiple of this: without gaps, adjacent extents are written at once. */
void Layout::pad(std::uint64_t alignment) { place_zeros(padded(end_, alignment) - end_); }

void encode_superblock(const SymbolTableEntry& root, std::uint64_t file_size, std::span<std::byte> bytes) {
  Encoder out(bytes);
  out.text("\x89HDF\r\n\x1a\n");
  out.skip(5);                    // versions of the superblock and other parts: 0
  out.u8(sizeof(std::uint64_t));  // of addresses
  out.u8(sizeof(std::uint64_t));  // of lengths
  out.skip(1);
  out.u16(group_leaf_k);
  out.u16(group_internal_k);
  out.skip(4);
  out.u64(0);                  // where the file begins
  out.u64(undefined_address);  // free space
  out.u64(file_size);
  out.u64(undefined_address);  // driver information
  root.encode(out);
}

void encode_paged_superblock(std::uint64_t root, std::uint64_t extension, std::uint64_t file_size,
                             std::span<std::byte> bytes) {
  Encoder out(bytes);
  out.text("\x89HDF\r\n\x1a\n");
  out.u8(2);                      // version
  out.u8(sizeof(std::uint64_t));  // of addresses
  out.u8(sizeof(std::uint64_t));  // of lengths
  out.skip(1);                    // not being written
  out.u64(0);                     // where the file begins
  out.u64(extension);
  out.u64(file_size);
  out.u64(root);
  out.u32(checksum_of(bytes.first(paged_superblock_size - sizeof(std::uint32_t))));
}

void encode_local_heap_header(std::uint64_t data_size, std::uint64_t data_address, std::span<std::byte> bytes) {
  constexpr std::uint64_t no_free_block = 1;
  Encoder out(bytes);
  out.text("HEAP");
  out.u8(0);  // version
  out.skip(3);
  out.u64(data_size);
  out.u64(no_free_block);
  out.u64(data_address);
}

std::uint64_t NameHeap::add(std::string_view name) {
  const std::size_t offset = data_.size();
  data_.resize(offset + padded(name.size() + 1));
  std::memcpy(&data_[offset], name.data(), name.size());
  return offset;
}

const std::uint64_t& ObjectAddresses::request(const Reference& reference) {
  return addresses_.try_emplace(steps_in(reference.target), undefined_address).first->second;
}

void ObjectAddresses::set(std::span<const std::string_view> names, std::uint64_t header) {
  if (addresses_.empty()) return;
  const auto found = addresses_.find({names.begin(), names.end()});
  if (found != addresses_.end()) found->second = header;
}

void ObjectAddresses::set_numbered(std::span<const std::string_view> group, std::uint64_t headers,
                                   std::uint64_t header_size) {
  for (auto& [names, address] : addresses_) {
    if (names.size() != group.size() + 1 || !std::ranges::equal(group, std::span(names).first(group.size()))) continue;
    std::uint64_t number = 0;
    std::from_chars(names.back().begin(), names.back().end(), number);
    address = headers + number * header_size;
  }
}

}  // namespace spikeport::hdf5::direct
