// Object headers and the attributes in them: sections IV.A.1 and IV.A.2.m of the HDF5 File Format Specification.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "hdf5/direct/layout.h"
#include "hdf5/direct/messages.h"
#include "hdf5/direct/metadata.h"
#include "hdf5/direct/text_heap.h"
#include "hdf5/model/datatype.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5::direct {

/** Consecutive texts of a heap: several along one axis, or one alone. */
struct HeapTexts {
  const TextHeap* heap;
  std::size_t first;
  std::optional<std::uint64_t> count;
};

/**
 * IV.A.2.m, "The Attribute Message", version 1. What it points at only has to be there when the message is written. The
 * name is UTF-8, though only version 3 has a field for the encoding: h5py and the library write such names in the same
 * way by default, and readers decode UTF-8.
 */
struct AttributeMessage {
  static constexpr std::uint16_t type = 0x000C;
  static constexpr std::uint8_t flags = 0;
  std::string_view name;
  /** A number, texts, the address of the object that is referred to, or numbers that stay where they are. */
  std::variant<double, std::int32_t, HeapTexts, const std::uint64_t*, const AttributeNumbers*> value;

  [[nodiscard]] std::uint64_t size() const;
  void encode(Encoder& out) const;

 private:
  [[nodiscard]] Datatype elements() const;
  [[nodiscard]] std::optional<std::uint64_t> length() const;
};

/** Makes the messages of attributes one after the other. Their names stay where they are. */
class AttributeMessages {
 public:
  /** Messages of which only the sizes are asked for. */
  AttributeMessages() = default;
  /** @param first the number of the first attribute's first text in the heap */
  AttributeMessages(const TextHeap* heap, std::size_t first, ObjectAddresses& objects)
      : heap_(heap), next_text_(first), objects_(&objects) {}

  AttributeMessage next(const Attribute& attribute);

 private:
  HeapTexts take_texts(std::size_t count, std::optional<std::uint64_t> axis);

  const TextHeap* heap_ = nullptr;
  std::size_t next_text_ = 0;
  ObjectAddresses* objects_ = nullptr;
};

using Message =
    std::variant<DataspaceMessage, DatatypeMessage, FillValueMessage, ContiguousLayoutMessage, ChunkedLayoutMessage,
                 FilterPipelineMessage, AttributeMessage, SymbolTableMessage, NilMessage, FileSpaceInfoMessage>;

/** What makes an object a dataset of contiguous elements. The messages point at `shape`. Without elements, no address.
 */
std::array<Message, 4> dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                        std::uint64_t address);

/** The same for chunks of this shape, through the filters of `chunking`. Without chunks, no B-tree. */
std::vector<Message> chunked_dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                              const Chunking& chunking, std::vector<std::uint64_t> chunk,
                                              std::uint64_t btree);

/** What an object's header holds, and its attributes, whose names stay where they are. */
std::vector<Message> with_attributes(std::span<const Message> object, std::span<const Attribute> attributes,
                                     AttributeMessages made);

/** What precedes each message in a header. */
constexpr std::uint64_t message_prefix_size = 8;

/** The bytes of an object's header: IV.A.1.a, "Version 1 Data Object Header Prefix", and its messages in one chunk. */
std::uint64_t object_header_size(std::span<const Message> messages);

/** Whether sizes and counts fit into the format's fields. */
bool fits_object_header(std::span<const Message> messages);

/** Writes a header into its bytes, which are zero. */
void encode_object_header(std::span<const Message> messages, std::span<std::byte> out);

}  // namespace spikeport::hdf5::direct
