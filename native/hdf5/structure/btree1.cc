#include "hdf5/structure/btree1.h"

#include <string>

namespace spikeport::hdf5::structure {
namespace {

constexpr unsigned highest_level = 32;

class BTree1Walk {
 public:
  BTree1Walk(FileBytes& bytes, const BTree1& tree, Seen& seen, const KeyVisitor& visit_key,
             const LeafVisitor& visit_leaf)
      : bytes_(bytes), tree_(tree), visit_key_(visit_key), visit_leaf_(visit_leaf), seen_(seen) {}

  void visit_node(std::uint64_t address, unsigned level, bool is_root) {
    const Widths widths = bytes_.widths();
    const std::uint64_t size =
        8 + 2 * widths.address + tree_.most_children * (widths.address + tree_.key_bytes) + tree_.key_bytes;
    seen_.add(size);
    const auto copy = bytes_.read(address, size);
    Cursor node(copy, widths);
    require_of_node(node.text(4) == "TREE", "is not there");
    require_of_node(node.byte() == static_cast<unsigned>(tree_.kind), "is of another kind");
    const unsigned own = node.byte();
    require_of_node(is_root ? own <= highest_level : own == level, "is on another level");
    const unsigned count = node.two();
    require_of_node(count <= tree_.most_children, "has too many children");
    node.skip(2 * widths.address);
    for (unsigned i = 0; i < count; i++) {
      const Cursor key = node.sub(tree_.key_bytes);
      visit_key_(key);
      const std::uint64_t child = node.address();
      if (own == 0) {
        visit_leaf_(key, child);
      } else {
        visit_node(child, own - 1, false);
      }
    }
    if (count > 0) visit_key_(node.sub(tree_.key_bytes));
  }

 private:
  void require_of_node(bool condition, const char* problem) const {
    if (!condition) throw Damaged(std::string("a node of ") + tree_.name + " " + problem);
  }

  FileBytes& bytes_;
  const BTree1& tree_;
  const KeyVisitor& visit_key_;
  const LeafVisitor& visit_leaf_;
  Seen& seen_;
};

}  // namespace

void visit_btree1(FileBytes& bytes, std::uint64_t address, const BTree1& tree, Seen& seen, const KeyVisitor& visit_key,
                  const LeafVisitor& visit_leaf) {
  require(tree.most_children > 0, "its B-trees have nodes of no children");
  BTree1Walk(bytes, tree, seen, visit_key, visit_leaf).visit_node(address, 0, true);
}

}  // namespace spikeport::hdf5::structure
