#include "hdf5/structure/chunk_index.h"

#include <algorithm>
#include <bit>
#include <string>

#include "hdf5/structure/btree1.h"
#include "hdf5/structure/btree2.h"

namespace spikeport::hdf5::structure {
namespace {

constexpr std::uint64_t mask_bytes = 4;
constexpr std::size_t index_checksum_bytes = 4;

/** Chunks that an index may count without having them. */
constexpr std::uint64_t most_unwritten_chunks = std::uint64_t{1} << 24U;

/** A B-tree of version 1, whose leaves are chunks. */
void check_chunk_tree(FileBytes& bytes, const BTreeSizes& sizes, const Layout& layout, bool has_filters) {
  const BTree1 tree{.kind = BTree1::Kind::chunks,
                    .name = "its index of chunks",
                    .most_children = 2 * std::uint64_t{sizes.chunk},
                    .key_bytes = 8 + 8 * layout.chunk.size()};
  const std::uint64_t chunk_bytes = layout.chunk_bytes();
  Seen seen(bytes);
  visit_btree1(
      bytes, layout.address, tree, seen, [](Cursor /*key*/) {},
      [&](Cursor key, std::uint64_t /*chunk*/) {
        const std::uint64_t stored = key.four();
        if (!has_filters && stored != chunk_bytes) {
          throw Damaged("a chunk of it has " + std::to_string(stored) + " bytes instead of " +
                        std::to_string(chunk_bytes));
        }
      });
}

/** The bytes of a chunk's size (H5D_FARRAY_FILT_COMPUTE_CHUNK_SIZE_LEN of the library). */
std::uint64_t size_width(std::uint64_t chunk_bytes) {
  const auto log2 = static_cast<std::uint64_t>(std::bit_width(chunk_bytes)) - 1;
  return std::min<std::uint64_t>(8, 1 + (log2 + 8) / 8);
}

/** The head that both kinds of arrays have. */
void check_array_head(Cursor& head, std::string_view signature, const Layout& layout, bool has_filters) {
  head.expect(signature, "its index of chunks is not there");
  const std::uint64_t element =
      head.widths().address + (has_filters ? size_width(layout.chunk_bytes()) + mask_bytes : 0);
  require(head.byte() == 0 && head.byte() == (has_filters ? 1 : 0) && head.byte() == element,
          "its index of chunks is of another kind");
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

void check_fixed_array(FileBytes& bytes, const Layout& layout, const Dataspace& space, bool has_filters) {
  const Widths widths = bytes.widths();
  Cursor head = bytes.cursor(layout.address, 8 + widths.length + widths.address + index_checksum_bytes);
  check_array_head(head, "FAHD", layout, has_filters);
  const unsigned page_bits = head.byte();
  const std::uint64_t count = head.length();
  const std::uint64_t data = head.address();
  // The library takes an element from the array without a look at its length.
  require(page_bits >= 1 && page_bits <= 31 && count >= most_chunks(layout, space), "its index of chunks is too short");
  const std::uint64_t element = widths.address + (has_filters ? size_width(layout.chunk_bytes()) + mask_bytes : 0);
  require(data == undefined || (count <= bytes.size() / element && bytes.has(data, count * element)),
          "its index of chunks leads beyond the end of the file");
}

void check_extensible_array(FileBytes& bytes, const Layout& layout, bool has_filters) {
  const Widths widths = bytes.widths();
  Cursor head = bytes.cursor(layout.address, 12 + 6 * widths.length + widths.address + index_checksum_bytes);
  check_array_head(head, "EAHD", layout, has_filters);
  // What the library always writes, and computes the sizes of all blocks from.
  constexpr unsigned most_bits = 32;
  constexpr unsigned in_index = 4;
  constexpr unsigned least_in_block = 16;
  constexpr unsigned least_blocks = 4;
  constexpr unsigned page_bits = 10;
  require(head.byte() == most_bits && head.byte() == in_index && head.byte() == least_in_block &&
              head.byte() == least_blocks && head.byte() == page_bits,
          "its index of chunks is of an unusual form");
  head.skip(4 * widths.length);
  // The library goes through all of them, written or not.
  require(head.length() <= most_unwritten_chunks + bytes.size() / widths.address, "its index of chunks is too long");
}

}  // namespace

void check_chunk_index(FileBytes& bytes, const BTreeSizes& sizes, const Layout& layout, const Dataspace& space,
                       bool has_filters) {
  if (layout.address == undefined) return;
  const Widths widths = bytes.widths();
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
      check_fixed_array(bytes, layout, space, has_filters);
      break;
    case Layout::Index::extensible_array:
      check_extensible_array(bytes, layout, has_filters);
      break;
    case Layout::Index::btree2: {
      const std::uint64_t filtered = has_filters ? size_width(layout.chunk_bytes()) + mask_bytes : 0;
      visit_btree2(bytes, layout.address, has_filters ? RecordType::filtered_chunk : RecordType::chunk,
                   widths.address + filtered + 8 * std::uint64_t{space.rank}, [](Cursor /*record*/) {});
      break;
    }
  }
}

}  // namespace spikeport::hdf5::structure
