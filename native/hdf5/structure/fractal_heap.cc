#include "hdf5/structure/fractal_heap.h"

#include <algorithm>
#include <bit>

#include "hdf5/structure/btree2.h"

namespace spikeport::hdf5::structure {
namespace {

constexpr std::size_t heap_checksum_bytes = 4;

unsigned log2_of(std::uint64_t number) { return static_cast<unsigned>(std::bit_width(number)) - 1; }

}  // namespace

FractalHeap::FractalHeap(FileBytes& bytes, std::uint64_t address) : bytes_(bytes), address_(address), seen_(bytes) {
  const Widths widths = bytes.widths();
  Cursor head = bytes.cursor(address, 22 + 12 * widths.length + 3 * widths.address + 4);
  head.expect("FRHP", "a fractal heap of it is not there");
  require(head.byte() == 0, "a fractal heap of it is of an unknown version");
  id_bytes_ = head.two();
  require(head.two() == 0, "a fractal heap of it has filters, which is not supported");
  has_checksums_ = (head.byte() & 2U) != 0;
  most_managed_ = head.four();
  head.length();  // the next id of a huge object
  huge_tree_ = head.address();
  head.length();  // free space
  head.address();
  head.skip(8 * widths.length);  // sizes and numbers of objects
  width_ = head.two();
  start_ = head.length();
  most_direct_ = head.length();
  offset_bits_ = head.two();
  head.skip(2);
  root_ = head.address();
  root_rows_ = head.two();
  constexpr std::uint64_t longest_block = std::uint64_t{1} << 32U;
  require(std::has_single_bit(width_) && std::has_single_bit(start_) && std::has_single_bit(most_direct_) &&
              start_ <= most_direct_ && most_direct_ < longest_block && start_ * width_ <= 2 * most_direct_ &&
              most_managed_ <= most_direct_ && most_managed_ > 0,
          "a fractal heap of it has blocks of an impossible size");
  require(offset_bits_ <= 64 && offset_bits_ > log2_of(start_ * width_) && offset_bits_ >= log2_of(most_direct_),
          "a fractal heap of it has blocks of an impossible size");
  require(root_rows_ <= offset_bits_ - log2_of(start_ * width_) + 1, "a fractal heap of it has too many blocks");
  const std::uint64_t least = 1 + (offset_bits_ + 7) / 8;
  require(id_bytes_ > least && id_bytes_ <= 4096, "a fractal heap of it has ids of an impossible size");
}

std::uint64_t FractalHeap::row_size(unsigned row) const { return row == 0 ? start_ : start_ << (row - 1); }

std::uint64_t FractalHeap::row_begin(unsigned row) const { return row == 0 ? 0 : (start_ * width_) << (row - 1); }

unsigned FractalHeap::row_of(std::uint64_t offset) const {
  const std::uint64_t first_row = start_ * width_;
  return offset < first_row ? 0 : log2_of(offset / first_row) + 1;
}

std::vector<std::byte> FractalHeap::object(Cursor id) {
  const unsigned flags = id.byte();
  require(flags >> 6U == 0, "an id in a fractal heap of it is of an unknown version");
  switch (flags >> 4U & 3U) {
    case 0: {
      const std::uint64_t offset = id.number((offset_bits_ + 7) / 8);
      const std::size_t width = std::min<std::size_t>((log2_of(most_direct_) + 7) / 8, log2_of(most_managed_) / 8 + 1);
      return managed(offset, id.number(width));
    }
    case 1:
      return huge(id);
    case 2: {
      const bool is_extended = id_bytes_ - 1 > 17;
      const std::uint64_t length = (is_extended ? (flags & 0xfU) << 8U | id.byte() : flags & 0xfU) + 1U;
      const auto bytes = id.take(length);
      return {bytes.begin(), bytes.end()};
    }
    default:
      throw Damaged("an id in a fractal heap of it is of an unknown kind");
  }
}

std::vector<std::byte> FractalHeap::managed(std::uint64_t offset, std::uint64_t length) {
  require(length > 0 && length <= most_managed_, "an id in a fractal heap of it leads nowhere");
  require(root_ != undefined, "a fractal heap of it is empty");
  seen_.add(length);
  if (root_rows_ == 0) return in_direct_block(root_, 0, start_, offset, length);
  const Widths widths = bytes_.widths();
  const unsigned direct_rows = log2_of(most_direct_) - log2_of(start_) + 2;
  std::uint64_t block = root_;
  std::uint64_t begin = 0;
  unsigned rows = root_rows_;
  while (true) {
    const std::uint64_t inside = offset - begin;
    const unsigned row = row_of(inside);
    require(row < rows, "an id in a fractal heap of it leads nowhere");
    const std::uint64_t column = (inside - row_begin(row)) / row_size(row);
    const std::uint64_t entry = row * width_ + column;
    const std::uint64_t prefix = 5 + widths.address + (offset_bits_ + 7) / 8;
    const std::uint64_t size = prefix + rows * width_ * widths.address + heap_checksum_bytes;
    require(bytes_.has(block, size), "its structure leads beyond the end of the file");
    Cursor head = bytes_.cursor(block, 5 + widths.address);
    head.expect("FHIB", "a block of a fractal heap of it is not there");
    require(head.byte() == 0 && head.address() == address_, "a block of a fractal heap of it is of another heap");
    const std::uint64_t child = bytes_.cursor(block + prefix + entry * widths.address, widths.address).address();
    require(child != undefined, "an id in a fractal heap of it leads nowhere");
    const std::uint64_t child_begin = begin + row_begin(row) + column * row_size(row);
    if (row < direct_rows) return in_direct_block(child, child_begin, row_size(row), offset, length);
    block = child;
    begin = child_begin;
    // Blocks become smaller on the way, or there is no such block.
    const unsigned fewer = log2_of(row_size(row)) - log2_of(start_ * width_) + 1;
    require(fewer < rows, "a fractal heap of it has too many blocks");
    rows = fewer;
  }
}

std::vector<std::byte> FractalHeap::in_direct_block(std::uint64_t block, std::uint64_t begin, std::uint64_t size,
                                                    std::uint64_t offset, std::uint64_t length) {
  const Widths widths = bytes_.widths();
  require(bytes_.has(block, size), "its structure leads beyond the end of the file");
  const std::uint64_t prefix = 5 + widths.address + (offset_bits_ + 7) / 8 + (has_checksums_ ? heap_checksum_bytes : 0);
  Cursor head = bytes_.cursor(block, 5 + widths.address);
  head.expect("FHDB", "a block of a fractal heap of it is not there");
  require(head.byte() == 0 && head.address() == address_, "a block of a fractal heap of it is of another heap");
  const std::uint64_t inside = offset - begin;
  require(inside >= prefix && inside <= size && length <= size - inside, "an id in a fractal heap of it leads nowhere");
  return bytes_.read(block + inside, length);
}

std::vector<std::byte> FractalHeap::huge(Cursor id) {
  const Widths widths = bytes_.widths();
  if (id.left() >= widths.address + widths.length) {
    const std::uint64_t at = id.address();
    const std::uint64_t length = id.length();
    seen_.add(length);
    return bytes_.read(at, length);
  }
  if (!has_found_huge_) {
    require(huge_tree_ != undefined, "an id in a fractal heap of it leads nowhere");
    visit_btree2(bytes_, huge_tree_, RecordType::huge, widths.address + 2 * widths.length, [this](Cursor record) {
      const std::uint64_t at = record.address();
      const std::uint64_t length = record.length();
      huge_.emplace(record.length(), Huge{.address = at, .length = length});
    });
    has_found_huge_ = true;
  }
  const auto found = huge_.find(id.number(std::min<std::size_t>(id.left(), widths.length)));
  require(found != huge_.end(), "an id in a fractal heap of it leads nowhere");
  seen_.add(found->second.length);
  return bytes_.read(found->second.address, found->second.length);
}

}  // namespace spikeport::hdf5::structure
