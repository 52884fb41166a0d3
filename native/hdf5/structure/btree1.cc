#include "hdf5/structure/btree1.h"

#include <string>
#include <utility>

namespace spikeport::hdf5::structure {
namespace {

constexpr unsigned highest_level = 32;

}  // namespace

BTree1Walk::BTree1Walk(FileBytes& bytes, std::uint64_t address, const BTree1& tree, Seen& seen, KeyVisitor visit_key)
    : bytes_(bytes), tree_(tree), seen_(seen), visit_key_(std::move(visit_key)) {
  require(tree.most_children > 0, "its B-trees have nodes of no children");
  enter(address, std::nullopt);
}

std::optional<BTree1Walk::Child> BTree1Walk::next() {
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    if (node.children_left == 0) {
      if (node.has_last_key) visit_key_(node.rest.sub(tree_.key_bytes));
      nodes_.pop_back();
      continue;
    }
    node.children_left--;
    const Cursor key = node.rest.sub(tree_.key_bytes);
    visit_key_(key);
    const std::uint64_t child = node.rest.address();
    if (node.level == 0) return Child{.key = key, .address = child};
    enter(child, node.level - 1);
  }
  return std::nullopt;
}

/** @param level the one that the node has to be on; none for the root */
void BTree1Walk::enter(std::uint64_t address, std::optional<unsigned> level) {
  const Widths widths = bytes_.widths();
  const std::uint64_t size =
      8 + 2 * widths.address + tree_.most_children * (widths.address + tree_.key_bytes) + tree_.key_bytes;
  seen_.add(size);
  std::vector<std::byte> copy = bytes_.read(address, size);
  Cursor rest(copy, widths);
  require_of_node(rest.text(4) == "TREE", "is not there");
  require_of_node(rest.byte() == static_cast<unsigned>(tree_.kind), "is of another kind");
  const unsigned own = rest.byte();
  require_of_node(level ? own == *level : own <= highest_level, "is on another level");
  const unsigned count = rest.two();
  require_of_node(count <= tree_.most_children, "has too many children");
  rest.skip(2 * widths.address);
  nodes_.push_back(
      {.bytes = std::move(copy), .rest = rest, .level = own, .children_left = count, .has_last_key = count > 0});
}

void BTree1Walk::require_of_node(bool condition, const char* problem) const {
  if (!condition) throw Damaged(std::string("a node of ") + tree_.name + " " + problem);
}

}  // namespace spikeport::hdf5::structure
