#include "hdf5/direct/object_header.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "sources/source.h"

namespace spikeport::hdf5::direct {
namespace {

/** An attribute has one axis, or none. */
DataspaceMessage dataspace_of(const std::optional<std::uint64_t>& length) {
  return length ? DataspaceMessage{{&*length, 1}} : DataspaceMessage{};
}

struct ValueEncoder {
  Encoder& out;

  void operator()(double number) const { out.f64(number); }
  void operator()(std::int32_t number) const { out.u32(static_cast<std::uint32_t>(number)); }
  void operator()(const HeapTexts& texts) const {
    const std::size_t end = texts.first + static_cast<std::size_t>(texts.count.value_or(1));
    for (std::size_t text = texts.first; text < end; text++) texts.heap->place_of(text).encode(out);
  }
  void operator()(const std::uint64_t* address) const { out.u64(*address); }
  void operator()(const AttributeNumbers* numbers) const { out.bytes(numbers->bytes); }
};

constexpr std::uint64_t prefix_size = 16;

std::uint64_t size_of(const Message& message) {
  return std::visit([](const auto& body) { return padded(body.size()); }, message);
}

template <typename Body>
void encode(const Body& body, Encoder& out) {
  out.u16(Body::type);
  out.u16(static_cast<std::uint16_t>(padded(body.size())));
  out.u8(Body::flags);
  out.skip(3);
  body.encode(out);
  out.skip(padded(body.size()) - body.size());
}

}  // namespace

Datatype AttributeMessage::elements() const {
  if (std::holds_alternative<double>(value)) return ElementType::f64;
  if (std::holds_alternative<std::int32_t>(value)) return ElementType::i32;
  if (std::holds_alternative<HeapTexts>(value)) return Text{};
  if (const auto* numbers = std::get_if<const AttributeNumbers*>(&value)) return (*numbers)->type;
  return ObjectReference{};
}

std::optional<std::uint64_t> AttributeMessage::length() const {
  if (const auto* numbers = std::get_if<const AttributeNumbers*>(&value)) return (*numbers)->length;
  const auto* texts = std::get_if<HeapTexts>(&value);
  return texts == nullptr ? std::nullopt : texts->count;
}

std::uint64_t AttributeMessage::size() const {
  const auto axis = length();
  return 8 + padded(name.size() + 1) + padded(DatatypeMessage{elements()}.size()) + dataspace_of(axis).size() +
         axis.value_or(1) * element_size(elements());
}

void AttributeMessage::encode(Encoder& out) const {
  const std::size_t name_size = name.size() + 1;
  const DatatypeMessage datatype{elements()};
  const auto axis = length();
  const DataspaceMessage dataspace = dataspace_of(axis);
  out.u8(1);  // version
  out.skip(1);
  out.u16(static_cast<std::uint16_t>(name_size));
  out.u16(static_cast<std::uint16_t>(datatype.size()));
  out.u16(static_cast<std::uint16_t>(dataspace.size()));
  out.text(name);
  out.skip(padded(name_size) - name.size());
  datatype.encode(out);
  out.skip(padded(datatype.size()) - datatype.size());
  dataspace.encode(out);
  std::visit(ValueEncoder{out}, value);
}

AttributeMessage AttributeMessages::next(const Attribute& attribute) {
  if (const auto* number = std::get_if<double>(&attribute.value)) return {attribute.name, *number};
  if (const auto* number = std::get_if<std::int32_t>(&attribute.value)) return {attribute.name, *number};
  if (const auto* numbers = std::get_if<AttributeNumbers>(&attribute.value)) return {attribute.name, numbers};
  if (std::holds_alternative<std::string>(attribute.value) || std::holds_alternative<LongText>(attribute.value)) {
    return {attribute.name, take_texts(1, std::nullopt)};
  }
  if (const auto* texts = std::get_if<std::vector<std::string>>(&attribute.value)) {
    return {attribute.name, take_texts(texts->size(), texts->size())};
  }
  const auto& reference = std::get<Reference>(attribute.value);
  return {attribute.name, objects_ == nullptr ? nullptr : &objects_->request(reference)};
}

HeapTexts AttributeMessages::take_texts(std::size_t count, std::optional<std::uint64_t> axis) {
  return {.heap = heap_, .first = std::exchange(next_text_, next_text_ + count), .count = axis};
}

std::array<Message, 4> dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                        std::uint64_t address) {
  const std::uint64_t byte_size = element_count(shape) * element_size(type);
  const ContiguousLayoutMessage layout{.address = byte_size == 0 ? undefined_address : address, .byte_size = byte_size};
  return {DataspaceMessage{shape}, DatatypeMessage{type}, FillValueMessage{std::holds_alternative<Text>(type)}, layout};
}

std::vector<Message> chunked_dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                              const Chunking& chunking, std::vector<std::uint64_t> chunk,
                                              std::uint64_t btree) {
  const std::uint64_t size = element_size(type);
  std::vector<Message> messages{
      DataspaceMessage{.shape = shape, .unlimited = chunking.unlimited_axis(shape.size())},
      DatatypeMessage{type},
      FillValueMessage{.is_always_written = std::holds_alternative<Text>(type), .by_chunk = true},
  };
  if (chunking.shuffle || chunking.deflate_level) {
    const auto shuffle = chunking.shuffle ? std::optional(static_cast<std::uint32_t>(size)) : std::nullopt;
    messages.emplace_back(FilterPipelineMessage{.shuffle = shuffle, .deflate_level = chunking.deflate_level});
  }
  messages.emplace_back(ChunkedLayoutMessage{.btree = btree, .chunk = std::move(chunk), .element_size = size});
  return messages;
}

std::vector<Message> with_attributes(std::span<const Message> object, std::span<const Attribute> attributes,
                                     AttributeMessages made) {
  std::vector<Message> messages(object.begin(), object.end());
  messages.reserve(object.size() + attributes.size());
  for (const Attribute& attribute : attributes) messages.emplace_back(made.next(attribute));
  return messages;
}

std::uint64_t object_header_size(std::span<const Message> messages) {
  std::uint64_t size = prefix_size;
  for (const Message& message : messages) size += message_prefix_size + size_of(message);
  return size;
}

bool fits_object_header(std::span<const Message> messages) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint16_t>::max();
  return messages.size() <= most && object_header_size(messages) <= std::numeric_limits<std::uint32_t>::max() &&
         std::ranges::all_of(messages, [](const Message& message) { return size_of(message) <= most; });
}

void encode_object_header(std::span<const Message> messages, std::span<std::byte> bytes) {
  Encoder out(bytes);
  out.u8(1);  // version
  out.skip(1);
  out.u16(static_cast<std::uint16_t>(messages.size()));
  out.u32(1);  // links to the object
  out.u32(static_cast<std::uint32_t>(bytes.size() - prefix_size));
  out.skip(4);
  for (const Message& message : messages) std::visit([&](const auto& body) { encode(body, out); }, message);
}

}  // namespace spikeport::hdf5::direct
