#include "hdf5/structure/links.h"

#include "hdf5/structure/btree2.h"
#include "hdf5/structure/fractal_heap.h"

namespace spikeport::hdf5::structure {
namespace {

constexpr std::uint64_t link_id_bytes = 7;
constexpr std::uint64_t hash_bytes = 4;

void visit_dense_links(FileBytes& bytes, const Dense& dense, const LinkVisitor& visit) {
  if (dense.heap == undefined) return;
  FractalHeap heap(bytes, dense.heap);
  require(heap.id_bytes() == link_id_bytes, "a fractal heap of it has ids of an impossible size");
  visit_btree2(bytes, dense.by_name, RecordType::link_name, hash_bytes + link_id_bytes, [&](Cursor record) {
    record.skip(hash_bytes);
    const auto object = heap.object(record);
    Cursor link(object, bytes.widths());
    visit(read_link(link));
  });
}

}  // namespace

void visit_links(FileBytes& bytes, const BTreeSizes& sizes, const ObjectHeader& header, const LinkVisitor& visit) {
  for (const Message& message : header.messages) {
    Cursor cursor(message.bytes, bytes.widths());
    switch (message.type) {
      case MessageType::symbol_table: {
        const std::uint64_t btree = cursor.address();
        visit_symbol_table(bytes, sizes, {.btree = btree, .heap = cursor.address()}, visit);
        break;
      }
      case MessageType::link:
        visit(read_link(cursor));
        break;
      case MessageType::link_info:
        visit_dense_links(bytes, read_link_info(cursor), visit);
        break;
      default:
        break;
    }
  }
}

}  // namespace spikeport::hdf5::structure
