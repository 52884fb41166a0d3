#include "hdf5/structure/dataset_messages.h"

#include <array>
#include <utility>

#include "hdf5/structure/attributes.h"
#include "hdf5/structure/links.h"
#include "hdf5/structure/symbol_table.h"

namespace spikeport::hdf5::structure {
namespace {

/** The names of external files are in a local heap. */
void check_external_files(FileBytes& bytes, Cursor message) {
  require(message.byte() == 1, "its list of other files is of an unknown version");
  message.skip(3);
  const unsigned room = message.two();
  const unsigned count = message.two();
  require(count <= room, "its list of other files is damaged");
  const LocalHeap names(bytes, message.address());
  for (unsigned i = 0; i < room; i++) {
    const std::uint64_t name = message.length();
    require(i >= count || names.has(name), "its list of other files is damaged");
    message.skip(2 * bytes.widths().length);
  }
}

/** Messages of which the library reads the first one, and that an object has one of. */
bool is_single(MessageType type) {
  switch (type) {
    case MessageType::dataspace:
    case MessageType::link_info:
    case MessageType::datatype:
    case MessageType::old_fill:
    case MessageType::fill:
    case MessageType::external_files:
    case MessageType::layout:
    case MessageType::filters:
    case MessageType::symbol_table:
    case MessageType::attribute_info:
      return true;
    default:
      return false;
  }
}

void read_message(FileBytes& bytes, const Message& message, DatasetMessages& found) {
  Cursor cursor(message.bytes, bytes.widths());
  require(!message.is_shared || message.type == MessageType::datatype,
          "it has shared messages, which is not supported");
  switch (message.type) {
    case MessageType::dataspace:
      found.space = read_dataspace(cursor);
      break;
    case MessageType::datatype:
      found.type = read_type(bytes, cursor, message.is_shared);
      if (!message.is_shared) found.own_type = message.bytes;
      break;
    case MessageType::old_fill:
      found.old_fill = read_fill(message.type, cursor);
      break;
    case MessageType::fill:
      found.fill = read_fill(message.type, cursor);
      break;
    case MessageType::layout:
      found.layout = read_layout(cursor);
      found.has_layout = true;
      break;
    case MessageType::filters:
      found.filters = read_filters(cursor);
      break;
    case MessageType::external_files:
      found.is_external = true;
      check_external_files(bytes, cursor);
      break;
    case MessageType::link:
      static_cast<void>(read_link(cursor));
      break;
    case MessageType::link_info:
      static_cast<void>(read_link_info(cursor));
      break;
    case MessageType::symbol_table:
      cursor.skip(2 * bytes.widths().address);
      break;
    case MessageType::attribute:
    case MessageType::attribute_info:
      // By visit_attributes.
      break;
    default:
      check_other(message.type, cursor);
  }
}

}  // namespace

DatasetMessages read_dataset_messages(FileBytes& bytes, const ObjectHeader& header) {
  DatasetMessages found;
  std::array<bool, 256> seen{};
  for (const Message& message : header.messages) {
    require(!std::exchange(seen.at(static_cast<std::size_t>(message.type)), is_single(message.type)),
            "its header has two messages of one kind");
    read_message(bytes, message, found);
  }
  return found;
}

}  // namespace spikeport::hdf5::structure
