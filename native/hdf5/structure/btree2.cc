#include "hdf5/structure/btree2.h"

#include <bit>
#include <vector>

namespace spikeport::hdf5::structure {
namespace {

constexpr unsigned deepest = 16;
/** Signature, version, type and checksum of a node. */
constexpr std::uint64_t node_overhead = 10;

/** The bytes of a number up to a limit (H5VM_limit_enc_size of the library). */
std::size_t width_of(std::uint64_t limit) { return static_cast<std::size_t>(std::bit_width(limit | 1U) - 1) / 8 + 1; }

class TreeWalk {
 public:
  TreeWalk(FileBytes& bytes, std::uint64_t address, RecordType type, std::uint64_t record_bytes,
           const RecordVisitor& visit)
      : bytes_(bytes), type_(type), record_bytes_(record_bytes), visit_(visit), seen_(bytes) {
    const Widths widths = bytes.widths();
    Cursor head = bytes.cursor(address, 22 + widths.address + widths.length);
    head.expect("BTHD", "a B-tree of it is not there");
    require(head.byte() == 0 && head.byte() == static_cast<unsigned>(type), "a B-tree of it is of another kind");
    node_bytes_ = head.four();
    require(head.two() == record_bytes, "a B-tree of it has records of another size");
    const unsigned depth = head.two();
    require(depth <= deepest, "a B-tree of it is too deep");
    const unsigned split = head.byte();
    const unsigned merge = head.byte();
    require(split > 0 && split <= 100 && merge <= split / 2, "a B-tree of it is damaged");
    root_ = head.address();
    root_count_ = head.two();
    total_ = head.length();
    require(node_bytes_ > node_overhead + record_bytes_ && bytes.has(0, node_bytes_),
            "a B-tree of it has nodes of an impossible size");
    add_levels(depth, widths);
  }

  void run() {
    require(root_ != undefined || (root_count_ == 0 && total_ == 0), "a B-tree of it has no root");
    if (root_ == undefined) return;
    visit_node(root_, root_count_, levels_.size() - 1);
    require(found_ == total_, "a B-tree of it has another number of records than it says");
  }

 private:
  /** What the nodes of a level can have. */
  struct Level {
    std::uint64_t most;
    /** With the nodes below. */
    std::uint64_t most_in_all;
    std::size_t total_width;
  };

  void add_levels(unsigned depth, const Widths& widths) {
    const std::uint64_t leaf = (node_bytes_ - node_overhead) / record_bytes_;
    count_width_ = width_of(leaf);
    levels_.push_back({.most = leaf, .most_in_all = leaf, .total_width = 0});
    for (unsigned i = 0; i < depth; i++) {
      const Level& below = levels_.back();
      const std::uint64_t pointer = widths.address + count_width_ + below.total_width;
      require(node_bytes_ > node_overhead + pointer + record_bytes_, "a B-tree of it has nodes of an impossible size");
      const std::uint64_t most = (node_bytes_ - node_overhead - pointer) / (record_bytes_ + pointer);
      require(most > 0 && below.most_in_all < undefined / (most + 2), "a B-tree of it is too deep");
      const std::uint64_t in_all = (most + 1) * below.most_in_all + most;
      levels_.push_back({.most = most, .most_in_all = in_all, .total_width = width_of(in_all)});
    }
  }

  /** @return the records of the node and of those below */
  std::uint64_t visit_node(std::uint64_t address, std::uint64_t count, std::size_t level) {
    seen_.add(node_bytes_);
    require(count <= levels_[level].most, "a node of a B-tree of it has too many records");
    const auto copy = bytes_.read(address, node_bytes_);
    Cursor node(copy, bytes_.widths());
    node.expect(level == 0 ? "BTLF" : "BTIN", "a node of a B-tree of it is not there");
    require(node.byte() == 0 && node.byte() == static_cast<unsigned>(type_),
            "a node of a B-tree of it is of another kind");
    for (std::uint64_t i = 0; i < count; i++) visit_(node.sub(record_bytes_));
    found_ += count;
    if (level == 0) return count;
    std::uint64_t in_all = count;
    for (std::uint64_t i = 0; i <= count; i++) {
      const std::uint64_t child = node.address();
      const std::uint64_t child_count = node.number(count_width_);
      const std::size_t width = levels_[level - 1].total_width;
      const std::uint64_t child_total = width > 0 ? node.number(width) : child_count;
      const std::uint64_t found = visit_node(child, child_count, level - 1);
      require(found == child_total, "a B-tree of it has another number of records than it says");
      in_all += found;
    }
    return in_all;
  }

  FileBytes& bytes_;
  RecordType type_;
  std::uint64_t record_bytes_;
  const RecordVisitor& visit_;
  Seen seen_;
  std::uint64_t node_bytes_ = 0;
  std::uint64_t root_ = undefined;
  std::uint64_t root_count_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t found_ = 0;
  std::size_t count_width_ = 0;
  std::vector<Level> levels_;
};

}  // namespace

void visit_btree2(FileBytes& bytes, std::uint64_t address, RecordType type, std::uint64_t record_bytes,
                  const RecordVisitor& visit) {
  TreeWalk(bytes, address, type, record_bytes, visit).run();
}

}  // namespace spikeport::hdf5::structure
