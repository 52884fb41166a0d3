#include "hdf5/structure/links.h"

#include <utility>

namespace spikeport::hdf5::structure {
namespace {

constexpr std::uint64_t link_id_bytes = 7;
constexpr std::uint64_t hash_bytes = 4;
constexpr const char* twice = "its header has two messages of one kind";

}  // namespace

bool LinkWalk::visit_some(std::size_t count, const LinkVisitor& visit) {
  std::size_t visited = 0;
  const auto counted = [this, &visit, &visited](const Link& link) {
    visited_.add(least_bytes(link));
    visited_bytes_ += least_bytes(link);
    visited++;
    visit(link);
  };
  for (std::size_t steps = 0; steps < count && visited < count; steps++) {
    if (visit_next(counted)) continue;
    if (next_message_ == header_.messages.size()) return false;
    begin(header_.messages[next_message_++], counted);
  }
  return true;
}

void LinkWalk::begin(const Message& message, const LinkVisitor& visit) {
  Cursor cursor(message.bytes, bytes_.widths());
  switch (message.type) {
    case MessageType::symbol_table: {
      require(!std::exchange(has_table_, true), twice);
      const std::uint64_t btree = cursor.address();
      const SymbolTable table{.btree = btree, .heap = cursor.address()};
      symbols_.emplace(bytes_, sizes_, table);
      break;
    }
    case MessageType::link:
      visit(read_link(cursor));
      break;
    case MessageType::link_info: {
      require(!std::exchange(has_info_, true), twice);
      const Dense dense = read_link_info(cursor);
      if (dense.heap == undefined) break;
      heap_.emplace(bytes_, dense.heap);
      require(heap_->id_bytes() == link_id_bytes, "a fractal heap of it has ids of an impossible size");
      by_name_.emplace(bytes_, dense.by_name, RecordType::link_name, hash_bytes + link_id_bytes);
      break;
    }
    default:
      break;
  }
}

bool LinkWalk::visit_next(const LinkVisitor& visit) {
  if (symbols_) {
    if (symbols_->visit_some(visit)) return true;
    symbols_.reset();
  }
  if (by_name_) {
    if (auto record = by_name_->next()) {
      record->skip(hash_bytes);
      const auto object = heap_->object(*record);
      Cursor link(object, bytes_.widths());
      visit(read_link(link));
      return true;
    }
    by_name_.reset();
  }
  return false;
}

void visit_links(FileBytes& bytes, const BTreeSizes& sizes, ObjectHeader header, const LinkVisitor& visit) {
  constexpr std::size_t links_at_once = 4096;
  LinkWalk walk(bytes, sizes, std::move(header));
  while (walk.visit_some(links_at_once, visit)) continue;
}

}  // namespace spikeport::hdf5::structure
