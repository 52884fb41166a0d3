#include "hdf5/structure/attributes.h"

#include <utility>

#include "hdf5/structure/btree2.h"
#include "hdf5/structure/fractal_heap.h"

namespace spikeport::hdf5::structure {
namespace {

constexpr std::uint64_t attribute_id_bytes = 8;

/** An id, flags, the order of creation and a hash. */
constexpr std::uint64_t attribute_record_bytes = attribute_id_bytes + 1 + 4 + 4;

constexpr const char* no_shared_messages = "it has shared messages, which is not supported";

/** The type of a named datatype. */
Datatype read_named_type(FileBytes& bytes, std::uint64_t address) {
  const ObjectHeader header = read_header(bytes, address);
  for (const Message& message : header.messages) {
    if (message.type != MessageType::datatype) continue;
    require(!message.is_shared, "a named datatype of it has another one");
    Cursor type(message.bytes, bytes.widths());
    return read_datatype(type);
  }
  throw Damaged("a named datatype of it is none");
}

StoredAttribute read_attribute(FileBytes& bytes, Cursor message) {
  const unsigned version = message.byte();
  require(version >= 1 && version <= 3, "an attribute of it is of an unknown version");
  const unsigned flags = message.byte();
  const std::uint64_t name_length = message.two();
  const std::uint64_t type_length = message.two();
  const std::uint64_t space_length = message.two();
  if (version == 3) message.skip(1);
  const auto part = [&](std::uint64_t length) { return message.sub(version == 1 ? (length + 7) / 8 * 8 : length); };
  StoredAttribute attribute;
  attribute.name = part(name_length).terminated();
  const bool is_shared = version > 1 && (flags & 1U) != 0;
  require(version == 1 || (flags & 2U) == 0, no_shared_messages);
  attribute.type = read_type(bytes, part(type_length), is_shared);
  Cursor space = part(space_length);
  const auto count = read_dataspace(space).count;
  require(count && *count <= message.left() / attribute.type.size, "an attribute of it is longer than its message");
  const auto elements = message.take(*count * attribute.type.size);
  attribute.elements.assign(elements.begin(), elements.end());
  return attribute;
}

}  // namespace

Datatype read_type(FileBytes& bytes, Cursor message, bool is_shared) {
  if (!is_shared) return read_datatype(message);
  const unsigned version = message.byte();
  const unsigned kind = message.byte();
  require(version >= 1 && version <= 3, "a shared message of it is of an unknown version");
  // Of version 3 messages may be in a heap of the file's.
  require(version < 3 || kind == 2, no_shared_messages);
  if (version == 1) message.skip(6 + bytes.widths().length);
  return read_named_type(bytes, message.address());
}

void visit_attributes(FileBytes& bytes, const ObjectHeader& header,
                      const std::function<void(StoredAttribute&&)>& visit) {
  for (const Message& message : header.messages) {
    Cursor cursor(message.bytes, bytes.widths());
    if (message.type == MessageType::attribute) {
      require(!message.is_shared, no_shared_messages);
      visit(read_attribute(bytes, cursor));
    }
    if (message.type != MessageType::attribute_info) continue;
    const Dense dense = read_attribute_info(cursor);
    if (dense.heap == undefined) continue;
    FractalHeap heap(bytes, dense.heap);
    require(heap.id_bytes() == attribute_id_bytes, "a fractal heap of it has ids of an impossible size");
    visit_btree2(bytes, dense.by_name, RecordType::attribute_name, attribute_record_bytes, [&](Cursor record) {
      const auto object = heap.object(record.sub(attribute_id_bytes));
      require((record.byte() & 2U) == 0, no_shared_messages);
      visit(read_attribute(bytes, Cursor(object, bytes.widths())));
    });
  }
}

}  // namespace spikeport::hdf5::structure
