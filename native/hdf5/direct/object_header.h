#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "hdf5/direct/attribute_message.h"
#include "hdf5/direct/datatype.h"
#include "hdf5/direct/messages.h"
#include "hdf5/model/datatype.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5::direct {

using Message =
    std::variant<Dataspace, DatatypeMessage, FillValue, ContiguousLayout, ChunkedLayout, AttributeMessage, SymbolTable>;

/** What makes an object a dataset of contiguous elements; `shape` is kept as it is. Without elements, no address. */
std::array<Message, 4> dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                        std::uint64_t address);

/** The same for chunks of this shape, and a first axis that can grow. Without chunks, no B-tree. */
std::array<Message, 4> extendable_dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                                   std::vector<std::uint64_t> chunk, std::uint64_t btree);

/** What an object's header holds, and its attributes, whose names stay where they are. */
std::vector<Message> with_attributes(std::span<const Message> object, std::span<const Attribute> attributes,
                                     AttributeMessages made);

/** The bytes of an object's header: "Version 1 Data Object Header Prefix", and its messages in one chunk. */
std::uint64_t object_header_size(std::span<const Message> messages);

/** Whether sizes and counts are within what the format's fields hold. */
bool fits_object_header(std::span<const Message> messages);

/** Writes a header into as many bytes, which are zero. */
void encode_object_header(std::span<const Message> messages, std::span<std::byte> out);

}  // namespace spikeport::hdf5::direct
