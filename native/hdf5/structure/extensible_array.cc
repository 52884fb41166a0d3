#include "hdf5/structure/extensible_array.h"

#include <string_view>

namespace spikeport::hdf5::structure {
namespace {

// What the library always writes, and computes the sizes of all blocks from.
constexpr unsigned most_bits = 32;
constexpr unsigned elements_in_index = 4;
constexpr unsigned least_in_block = 16;
constexpr unsigned least_blocks = 4;
constexpr unsigned bits_of_page = 10;

constexpr std::uint64_t page_elements = std::uint64_t{1} << bits_of_page;
/** Super blocks: all there can be, and those whose data blocks the index block leads to by itself. */
constexpr unsigned super_blocks = 1 + most_bits - 4;
constexpr unsigned super_blocks_in_index = 4;

constexpr std::uint64_t block_prefix_bytes = 6;
constexpr std::uint64_t offset_bytes = most_bits / 8;
constexpr std::uint64_t block_checksum_bytes = 4;

/** The data blocks of a super block, and the elements of each of them. */
constexpr std::uint64_t blocks_in(unsigned super_block) { return std::uint64_t{1} << super_block / 2; }
constexpr std::uint64_t elements_in(unsigned super_block) {
  return std::uint64_t{least_in_block} << (super_block + 1) / 2;
}

class ArrayWalk {
 public:
  ArrayWalk(FileBytes& bytes, std::uint64_t address, const ChunkElement& element, const PlaceVisitor& visit)
      : bytes_(bytes), widths_(bytes.widths()), address_(address), element_(element), visit_(visit), seen_(bytes) {}

  void walk() {
    const std::uint64_t size = 12 + 6 * widths_.length + widths_.address + block_checksum_bytes;
    seen_.add(size);
    Cursor head = bytes_.cursor(address_, size);
    check_prefix(head, "EAHD");
    require(head.byte() == element_.bytes(widths_), "its index of chunks is of another kind");
    require(head.byte() == most_bits && head.byte() == elements_in_index && head.byte() == least_in_block &&
                head.byte() == least_blocks && head.byte() == bits_of_page,
            "its index of chunks is of an unusual form");
    // Numbers and sizes of blocks, and how long the array is: no memory or time is taken for them.
    head.skip(6 * widths_.length);
    const std::uint64_t index = head.address();
    if (index != undefined) check_index_block(index);
  }

 private:
  void check_prefix(Cursor& block, std::string_view letters) const {
    block.expect(letters, "a block of its index of chunks is not there");
    require(block.byte() == 0 && block.byte() == (element_.has_filters ? 1 : 0),
            "its index of chunks is of another kind");
  }

  /** Reads a block that was not read before, and what all of them begin with. */
  std::vector<std::byte> read(std::uint64_t address, std::uint64_t size) {
    seen_.add(size);
    return bytes_.read(address, size);
  }
  [[nodiscard]] Cursor begin(const std::vector<std::byte>& block, std::string_view letters) const {
    Cursor cursor(block, widths_);
    check_prefix(cursor, letters);
    require(cursor.address() == address_, "a block of its index of chunks is of another index");
    return cursor;
  }

  void check_index_block(std::uint64_t address) {
    std::uint64_t blocks = super_blocks - super_blocks_in_index;
    for (unsigned i = 0; i < super_blocks_in_index; i++) blocks += blocks_in(i);
    const auto block =
        read(address, block_prefix_bytes + widths_.address + elements_in_index * element_.bytes(widths_) +
                          blocks * widths_.address + block_checksum_bytes);
    Cursor cursor = begin(block, "EAIB");
    check_elements(cursor, elements_in_index);
    for (unsigned i = 0; i < super_blocks_in_index; i++) {
      for (std::uint64_t j = 0; j < blocks_in(i); j++) check_data_block(cursor.address(), elements_in(i));
    }
    for (unsigned i = super_blocks_in_index; i < super_blocks; i++) check_super_block(cursor.address(), i);
  }

  void check_super_block(std::uint64_t address, unsigned number) {
    const std::uint64_t blocks = blocks_in(number);
    const std::uint64_t elements = elements_in(number);
    if (address == undefined) {
      next_ += blocks * elements;
      return;
    }
    const std::uint64_t pages = elements > page_elements ? elements / page_elements : 0;
    // A bit for each page that is there.
    const std::uint64_t bits = blocks * ((pages + 7) / 8);
    const auto block = read(address, block_prefix_bytes + widths_.address + offset_bytes + bits +
                                         blocks * widths_.address + block_checksum_bytes);
    Cursor cursor = begin(block, "EASB");
    cursor.skip(offset_bytes);
    const auto is_there = cursor.take(bits);
    for (std::uint64_t i = 0; i < blocks; i++) {
      const std::uint64_t data = cursor.address();
      if (pages == 0) {
        check_data_block(data, elements);
      } else {
        check_paged_block(data, pages, is_there, i * pages);
      }
    }
  }

  void check_data_block(std::uint64_t address, std::uint64_t elements) {
    if (address == undefined) {
      next_ += elements;
      return;
    }
    const auto block = read(address, block_prefix_bytes + widths_.address + offset_bytes +
                                         elements * element_.bytes(widths_) + block_checksum_bytes);
    Cursor cursor = begin(block, "EADB");
    cursor.skip(offset_bytes);
    check_elements(cursor, elements);
  }

  /** @param first_bit the one of the first page */
  void check_paged_block(std::uint64_t address, std::uint64_t pages, std::span<const std::byte> is_there,
                         std::uint64_t first_bit) {
    if (address == undefined) {
      next_ += pages * page_elements;
      return;
    }
    const std::uint64_t head_bytes = block_prefix_bytes + widths_.address + offset_bytes + block_checksum_bytes;
    const std::uint64_t page_bytes = page_elements * element_.bytes(widths_) + block_checksum_bytes;
    require(bytes_.has(address, head_bytes + pages * page_bytes),
            "its index of chunks leads beyond the end of the file");
    const auto head = read(address, head_bytes);
    static_cast<void>(begin(head, "EADB"));
    for (std::uint64_t i = 0; i < pages; i++) {
      const std::uint64_t bit = first_bit + i;
      if ((std::to_integer<unsigned>(is_there[bit / 8]) & 0x80U >> bit % 8) == 0) {
        next_ += page_elements;
        continue;
      }
      const auto page = read(address + head_bytes + i * page_bytes, page_bytes);
      Cursor cursor(page, widths_);
      check_elements(cursor, page_elements);
    }
  }

  void check_elements(Cursor& cursor, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; i++, next_++) {
      const StoredPlace place = element_.read(cursor);
      if (place.address != undefined) visit_(next_, place);
    }
  }

  FileBytes& bytes_;
  Widths widths_;
  std::uint64_t address_;
  ChunkElement element_;
  const PlaceVisitor& visit_;
  Seen seen_;
  /** The number of the next element. */
  std::uint64_t next_ = 0;
};

}  // namespace

void visit_extensible_array(FileBytes& bytes, std::uint64_t address, const ChunkElement& element,
                            const PlaceVisitor& visit) {
  ArrayWalk(bytes, address, element, visit).walk();
}

std::uint64_t check_extensible_array(FileBytes& bytes, std::uint64_t address, const ChunkElement& element) {
  std::uint64_t stored = 0;
  visit_extensible_array(bytes, address, element, [&stored](std::uint64_t /*index*/, const StoredPlace& place) {
    // More than all of the file has are chunks of the same bytes, or none.
    stored = place.size > undefined - stored ? undefined : stored + place.size;
  });
  return stored;
}

}  // namespace spikeport::hdf5::structure
