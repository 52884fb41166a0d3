#include "hdf5/structure/chunk_index.h"

#include <algorithm>
#include <bit>
#include <string>

#include "hdf5/structure/btree2.h"

namespace spikeport::hdf5::structure {
namespace {

constexpr std::size_t index_checksum_bytes = 4;

/** A B-tree of version 1, whose leaves are chunks. */
void check_chunk_tree(FileBytes& bytes, const BTreeSizes& sizes, const Layout& layout, bool has_filters) {
  const std::uint64_t chunk_bytes = layout.chunk_bytes();
  Seen seen(bytes);
  BTree1Walk walk(bytes, layout.address, chunk_tree(sizes, layout), seen, [](Cursor /*key*/) {});
  while (const auto chunk = walk.next()) {
    const std::uint64_t stored = Cursor(chunk->key).four();
    if (!has_filters && stored != chunk_bytes) {
      throw Damaged("a chunk of it has " + std::to_string(stored) + " bytes instead of " + std::to_string(chunk_bytes));
    }
  }
}

/** The bytes of a chunk's size (H5D_FARRAY_FILT_COMPUTE_CHUNK_SIZE_LEN of the library): in version 5 of the layout, of
 * HDF5 2.0, those of any length. */
std::uint64_t size_width(const Layout& layout, const Widths& widths) {
  if (layout.version > 4) return widths.length;
  const auto log2 = static_cast<std::uint64_t>(std::bit_width(layout.chunk_bytes())) - 1;
  return std::min<std::uint64_t>(8, 1 + (log2 + 8) / 8);
}

std::uint64_t most_chunks(const Layout& layout, const Dataspace& space) {
  std::uint64_t count = 1;
  for (unsigned axis = 0; axis < space.rank; axis++) {
    const std::uint64_t most = space.most[axis];
    const std::uint64_t chunks = most / layout.chunk[axis] + (most % layout.chunk[axis] != 0 ? 1 : 0);
    require(chunks == 0 || count <= undefined / chunks, "its index of chunks is too short");
    count *= chunks;
  }
  return count;
}

/** The header of a fixed array, whose elements are in the file. */
struct FixedArray {
  unsigned page_bits = 0;
  std::uint64_t count = 0;
  /** The block of elements; `undefined` where nothing was written. */
  std::uint64_t data = undefined;
};

FixedArray read_fixed_array(FileBytes& bytes, std::uint64_t address, const ChunkElement& chunk) {
  const Widths widths = bytes.widths();
  Cursor head = bytes.cursor(address, 8 + widths.length + widths.address + index_checksum_bytes);
  const std::uint64_t element = chunk.bytes(widths);
  head.expect("FAHD", "its index of chunks is not there");
  require(head.byte() == 0 && head.byte() == (chunk.has_filters ? 1 : 0) && head.byte() == element,
          "its index of chunks is of another kind");
  FixedArray array;
  array.page_bits = head.byte();
  array.count = head.length();
  array.data = head.address();
  require(array.page_bits >= 1 && array.page_bits <= 31, "its index of chunks is damaged");
  require(array.data == undefined ||
              (array.count <= bytes.size() / element && bytes.has(array.data, array.count * element)),
          "its index of chunks leads beyond the end of the file");
  return array;
}

void check_fixed_array(FileBytes& bytes, const Layout& layout, const Dataspace& space, const ChunkElement& chunk) {
  // The library takes an element from the array without a look at its length.
  require(read_fixed_array(bytes, layout.address, chunk).count >= most_chunks(layout, space),
          "its index of chunks is too short");
}

/** How many elements are read from a fixed array in one go. */
constexpr std::uint64_t elements_at_once = 4096;

}  // namespace

BTree1 chunk_tree(const BTreeSizes& sizes, const Layout& layout) {
  return {.kind = BTree1::Kind::chunks,
          .name = "its index of chunks",
          .most_children = 2 * std::uint64_t{sizes.chunk},
          .key_bytes = 8 + 8 * layout.chunk.size()};
}

ChunkElement element_of(const Layout& layout, const Widths& widths, bool has_filters) {
  return {.has_filters = has_filters, .size_width = size_width(layout, widths), .chunk_bytes = layout.chunk_bytes()};
}

void visit_fixed_array(FileBytes& bytes, std::uint64_t address, const ChunkElement& element,
                       const PlaceVisitor& visit) {
  const Widths widths = bytes.widths();
  const FixedArray array = read_fixed_array(bytes, address, element);
  if (array.data == undefined || array.count == 0) return;
  const std::uint64_t in_page = std::uint64_t{1} << array.page_bits;
  const std::uint64_t pages = array.count > in_page ? (array.count - 1) / in_page + 1 : 0;
  // A bit for each page that is there.
  const std::uint64_t bits = (pages + 7) / 8;
  const std::uint64_t prefix = 6 + widths.address + bits;
  const auto head = bytes.read(array.data, prefix);
  Cursor cursor(head, widths);
  cursor.expect("FADB", "a block of its index of chunks is not there");
  require(cursor.byte() == 0 && cursor.byte() == (element.has_filters ? 1 : 0),
          "its index of chunks is of another kind");
  require(cursor.address() == address, "a block of its index of chunks is of another index");
  const auto is_there = cursor.take(bits);
  const auto visit_run = [&](std::uint64_t at, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t done = 0; done < count; done += elements_at_once) {
      const std::uint64_t some = std::min(count - done, elements_at_once);
      const auto copy = bytes.read(at + done * element.bytes(widths), some * element.bytes(widths));
      Cursor elements(copy, widths);
      for (std::uint64_t i = 0; i < some; i++) {
        const StoredPlace place = element.read(elements);
        if (place.address != undefined) visit(first + done + i, place);
      }
    }
  };
  if (pages == 0) return visit_run(array.data + prefix, 0, array.count);
  const std::uint64_t page_bytes = in_page * element.bytes(widths) + index_checksum_bytes;
  for (std::uint64_t page = 0; page < pages; page++) {
    if ((std::to_integer<unsigned>(is_there[page / 8]) & 0x80U >> page % 8) == 0) continue;
    const std::uint64_t first = page * in_page;
    visit_run(array.data + prefix + index_checksum_bytes + page * page_bytes, first,
              std::min(in_page, array.count - first));
  }
}

std::optional<std::uint64_t> check_chunk_index(FileBytes& bytes, const BTreeSizes& sizes, const Layout& layout,
                                               const Dataspace& space, bool has_filters) {
  if (layout.address == undefined) return std::nullopt;
  const Widths widths = bytes.widths();
  const ChunkElement element = element_of(layout, widths, has_filters);
  switch (layout.index) {
    case Layout::Index::btree:
      check_chunk_tree(bytes, sizes, layout, has_filters);
      break;
    case Layout::Index::single:
      break;
    case Layout::Index::implicit: {
      // The library goes through all of them to sum up their bytes.
      const std::uint64_t count = most_chunks(layout, space);
      require(count <= bytes.size() / layout.chunk_bytes() && bytes.has(layout.address, count * layout.chunk_bytes()),
              "its chunks lead beyond the end of the file");
      break;
    }
    case Layout::Index::fixed_array:
      check_fixed_array(bytes, layout, space, element);
      break;
    case Layout::Index::extensible_array:
      return check_extensible_array(bytes, layout.address, element);
    case Layout::Index::btree2:
      visit_btree2(bytes, layout.address, has_filters ? RecordType::filtered_chunk : RecordType::chunk,
                   element.bytes(widths) + 8 * std::uint64_t{space.rank}, [](Cursor /*record*/) {});
      break;
  }
  return std::nullopt;
}

}  // namespace spikeport::hdf5::structure
