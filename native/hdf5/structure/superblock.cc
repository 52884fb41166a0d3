#include "hdf5/structure/superblock.h"

#include <algorithm>
#include <string_view>

namespace spikeport::hdf5::structure {
namespace {

constexpr std::string_view signature("\x89HDF\r\n\x1a\n", 8);

/** The bytes of the longest superblock. */
constexpr std::uint64_t most_bytes = 8 + 16 + 4 + 4 + 4 * 8 + 2 * 8 + 24;

std::optional<std::uint64_t> place_of_signature(FileBytes& bytes) {
  for (std::uint64_t place = 0; bytes.has(place, signature.size()); place = place == 0 ? 512 : 2 * place) {
    if (bytes.cursor(place, signature.size()).text(signature.size()) == signature) return place;
  }
  return std::nullopt;
}

Widths widths_of(unsigned address, unsigned length) {
  const auto is_known = [](unsigned width) { return width == 2 || width == 4 || width == 8; };
  require(is_known(address) && is_known(length), "its addresses are of an unusual width");
  return {.address = address, .length = length};
}

void check_driver(FileBytes& bytes, std::uint64_t address) {
  if (address == undefined) return;
  Cursor block = bytes.cursor(address, 16);
  block.skip(4);
  const std::uint64_t length = block.four();
  require(bytes.has(address + 16, length), "its structure leads beyond the end of the file");
}

}  // namespace

std::optional<Superblock> read_superblock(FileBytes& bytes) {
  const auto place = place_of_signature(bytes);
  if (!place) return std::nullopt;
  bytes.begin(*place, {});
  Cursor start = bytes.cursor(0, std::min(bytes.size(), most_bytes));
  start.skip(signature.size());
  const unsigned version = start.byte();
  if (version > 3) return std::nullopt;
  Superblock superblock;
  const bool is_old = version < 2;
  if (is_old) start.skip(4);
  const unsigned address_width = start.byte();
  const Widths widths = widths_of(address_width, start.byte());
  start.skip(1);
  if (is_old) {
    superblock.sizes.group_leaf = start.two();
    superblock.sizes.group = start.two();
    start.skip(4);
    if (version == 1) {
      superblock.sizes.chunk = start.two();
      start.skip(2);
    }
  }
  bytes.begin(*place, widths);
  Cursor fields(start.rest(), widths);
  const std::uint64_t base = fields.address();
  const std::uint64_t second = fields.address();
  const std::uint64_t end = fields.address();
  // The library moves the end with the beginning where a user block was put before it, or taken away.
  if (base > end || end - base > bytes.size()) return std::nullopt;
  if (!is_old) {
    superblock.extension = second;
    superblock.root = fields.address();
    return superblock;
  }
  const std::uint64_t driver = fields.address();
  fields.skip(widths.length);
  superblock.root = fields.address();
  const bool is_table = fields.four() == 1;
  fields.skip(4);
  const std::uint64_t btree = fields.address();
  if (is_table) superblock.root_table = {.btree = btree, .heap = fields.address()};
  check_driver(bytes, driver);
  return superblock;
}

}  // namespace spikeport::hdf5::structure
