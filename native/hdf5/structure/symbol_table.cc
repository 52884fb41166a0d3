#include "hdf5/structure/symbol_table.h"

#include <algorithm>

namespace spikeport::hdf5::structure {
namespace {

BTree1 group_tree(const BTreeSizes& sizes, const Widths& widths) {
  require(sizes.group > 0 && sizes.group_leaf > 0, "its B-trees have nodes of no children");
  return {.kind = BTree1::Kind::group,
          .name = "its B-tree",
          .most_children = 2 * std::uint64_t{sizes.group},
          .key_bytes = widths.length};
}

}  // namespace

LocalHeap::LocalHeap(FileBytes& bytes, std::uint64_t address) {
  const Widths widths = bytes.widths();
  Cursor head = bytes.cursor(address, 8 + 2 * widths.length + widths.address);
  head.expect("HEAP", "its heap of names is not there");
  require(head.byte() == 0, "its heap of names is of an unknown version");
  head.skip(3);
  const std::uint64_t size = head.length();
  const std::uint64_t free = head.length();
  data_ = bytes.read(head.address(), size);
  check_free_list(free, widths);
  const auto last = std::find(data_.rbegin(), data_.rend(), std::byte{0});
  end_ = static_cast<std::uint64_t>(data_.rend() - last);
  left_ = end_;
}

void LocalHeap::check_free_list(std::uint64_t offset, const Widths& widths) const {
  constexpr std::uint64_t end = 1;
  const std::uint64_t block_bytes = 2 * widths.length;
  // A free block has at least these bytes.
  for (std::uint64_t left = data_.size() / block_bytes; offset != end; left--) {
    require(left > 0 && offset <= data_.size() && block_bytes <= data_.size() - offset,
            "the free space of its heap of names is damaged");
    Cursor block(std::span<const std::byte>(data_).subspan(offset), widths);
    const std::uint64_t next = block.length();
    require(block.length() <= data_.size() - offset, "the free space of its heap of names is damaged");
    offset = next;
  }
}

std::string_view LocalHeap::take(std::uint64_t offset) {
  require(has(offset), "a name in it has no end");
  const std::string_view text(reinterpret_cast<const char*>(data_.data()) + offset);
  require(text.size() < left_, "names in it have the same bytes");
  left_ -= text.size() + 1;
  return text;
}

SymbolTableWalk::SymbolTableWalk(FileBytes& bytes, const BTreeSizes& sizes, const SymbolTable& table)
    : bytes_(bytes),
      sizes_(sizes),
      heap_(bytes, table.heap),
      seen_(bytes),
      tree_(bytes, table.btree, group_tree(sizes, bytes.widths()), seen_,
            [this](Cursor key) { require(heap_.has(key.length()), "a name in it has no end"); }) {}

bool SymbolTableWalk::visit_some(const LinkVisitor& visit) {
  const auto leaf = tree_.next();
  if (!leaf) return false;
  const Widths widths = bytes_.widths();
  const std::uint64_t entry_bytes = widths.length + widths.address + 24;
  const std::uint64_t size = 8 + 2 * sizes_.group_leaf * entry_bytes;
  seen_.add(size);
  const auto copy = bytes_.read(leaf->address, size);
  Cursor node(copy, widths);
  node.expect("SNOD", "a symbol table of it is not there");
  require(node.byte() == 1, "a symbol table of it is of an unknown version");
  node.skip(1);
  const unsigned count = node.two();
  require(count <= 2 * sizes_.group_leaf, "a symbol table of it has too many entries");
  for (unsigned i = 0; i < count; i++) {
    Cursor entry = node.sub(entry_bytes);
    Link link;
    link.name = heap_.take(entry.length());
    link.address = entry.address();
    constexpr std::uint32_t soft_link = 2;
    const bool is_soft = entry.four() == soft_link;
    entry.skip(4);
    if (is_soft) {
      link.kind = Link::Kind::soft;
      link.target = heap_.take(entry.four());
    }
    visit(link);
  }
  return true;
}

void visit_symbol_table(FileBytes& bytes, const BTreeSizes& sizes, const SymbolTable& table, const LinkVisitor& visit) {
  SymbolTableWalk walk(bytes, sizes, table);
  while (walk.visit_some(visit)) continue;
}

}  // namespace spikeport::hdf5::structure
