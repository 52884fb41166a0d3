#include "hdf5/structure/chunk_index.h"

#include <algorithm>
#include <bit>
#include <string>

#include "hdf5/structure/btree1.h"
#include "hdf5/structure/btree2.h"
#include "hdf5/structure/extensible_array.h"

namespace spikeport::hdf5::structure {
namespace {

constexpr std::size_t index_checksum_bytes = 4;

/** A B-tree of version 1, whose leaves are chunks. */
void check_chunk_tree(FileBytes& bytes, const BTreeSizes& sizes, const Layout& layout, bool has_filters) {
  const BTree1 tree{.kind = BTree1::Kind::chunks,
                    .name = "its index of chunks",
                    .most_children = 2 * std::uint64_t{sizes.chunk},
                    .key_bytes = 8 + 8 * layout.chunk.size()};
  const std::uint64_t chunk_bytes = layout.chunk_bytes();
  Seen seen(bytes);
  BTree1Walk walk(bytes, layout.address, tree, seen, [](Cursor /*key*/) {});
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

void check_fixed_array(FileBytes& bytes, const Layout& layout, const Dataspace& space, const ChunkElement& chunk) {
  const Widths widths = bytes.widths();
  Cursor head = bytes.cursor(layout.address, 8 + widths.length + widths.address + index_checksum_bytes);
  const std::uint64_t element = chunk.bytes(widths);
  head.expect("FAHD", "its index of chunks is not there");
  require(head.byte() == 0 && head.byte() == (chunk.has_filters ? 1 : 0) && head.byte() == element,
          "its index of chunks is of another kind");
  const unsigned page_bits = head.byte();
  const std::uint64_t count = head.length();
  const std::uint64_t data = head.address();
  // The library takes an element from the array without a look at its length.
  require(page_bits >= 1 && page_bits <= 31 && count >= most_chunks(layout, space), "its index of chunks is too short");
  require(data == undefined || (count <= bytes.size() / element && bytes.has(data, count * element)),
          "its index of chunks leads beyond the end of the file");
}

}  // namespace

std::optional<std::uint64_t> check_chunk_index(FileBytes& bytes, const BTreeSizes& sizes, const Layout& layout,
                                               const Dataspace& space, bool has_filters) {
  if (layout.address == undefined) return std::nullopt;
  const Widths widths = bytes.widths();
  const ChunkElement element{
      .has_filters = has_filters, .size_width = size_width(layout, widths), .chunk_bytes = layout.chunk_bytes()};
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
