#include "hdf5/structure/btree2.h"

#include <bit>
#include <utility>

namespace spikeport::hdf5::structure {
namespace {

constexpr unsigned deepest = 16;
/** Signature, version, type and checksum of a node. */
constexpr std::uint64_t node_overhead = 10;

constexpr const char* other_number = "a B-tree of it has another number of records than it says";

/** The bytes of a number up to a limit (H5VM_limit_enc_size of the library). */
std::size_t width_of(std::uint64_t limit) { return static_cast<std::size_t>(std::bit_width(limit | 1U) - 1) / 8 + 1; }

}  // namespace

BTree2Walk::BTree2Walk(FileBytes& bytes, std::uint64_t address, RecordType type, std::uint64_t record_bytes)
    : bytes_(bytes), type_(type), record_bytes_(record_bytes), seen_(bytes) {
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
  const std::uint64_t root = head.address();
  const std::uint64_t root_count = head.two();
  const std::uint64_t total = head.length();
  require(node_bytes_ > node_overhead + record_bytes_ && bytes.has(0, node_bytes_),
          "a B-tree of it has nodes of an impossible size");
  add_levels(depth, widths);
  require(root != undefined || (root_count == 0 && total == 0), "a B-tree of it has no root");
  if (root != undefined) enter(root, root_count, total, levels_.size() - 1);
}

void BTree2Walk::add_levels(unsigned depth, const Widths& widths) {
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

std::optional<Cursor> BTree2Walk::next() {
  while (!nodes_.empty()) {
    Node& node = nodes_.back();
    if (node.records_left > 0) {
      node.records_left--;
      node.found++;
      return node.rest.sub(record_bytes_);
    }
    if (node.children_left > 0) {
      enter_child();
    } else {
      leave();
    }
  }
  return std::nullopt;
}

void BTree2Walk::enter(std::uint64_t address, std::uint64_t count, std::uint64_t total, std::size_t level) {
  seen_.add(node_bytes_);
  require(count <= levels_[level].most, "a node of a B-tree of it has too many records");
  std::vector<std::byte> copy = bytes_.read(address, node_bytes_);
  Cursor rest(copy, bytes_.widths());
  rest.expect(level == 0 ? "BTLF" : "BTIN", "a node of a B-tree of it is not there");
  require(rest.byte() == 0 && rest.byte() == static_cast<unsigned>(type_),
          "a node of a B-tree of it is of another kind");
  nodes_.push_back({.bytes = std::move(copy),
                    .rest = rest,
                    .level = level,
                    .records_left = count,
                    .children_left = level == 0 ? 0 : count + 1,
                    .total = total,
                    .found = 0});
}

void BTree2Walk::enter_child() {
  Node& node = nodes_.back();
  node.children_left--;
  const std::uint64_t address = node.rest.address();
  const std::uint64_t count = node.rest.number(count_width_);
  const std::size_t level = node.level - 1;
  const std::size_t width = levels_[level].total_width;
  const std::uint64_t total = width > 0 ? node.rest.number(width) : count;
  enter(address, count, total, level);
}

void BTree2Walk::leave() {
  const std::uint64_t found = nodes_.back().found;
  require(found == nodes_.back().total, other_number);
  nodes_.pop_back();
  if (!nodes_.empty()) nodes_.back().found += found;
}

void visit_btree2(FileBytes& bytes, std::uint64_t address, RecordType type, std::uint64_t record_bytes,
                  const RecordVisitor& visit) {
  BTree2Walk walk(bytes, address, type, record_bytes);
  while (const auto record = walk.next()) visit(*record);
}

}  // namespace spikeport::hdf5::structure
