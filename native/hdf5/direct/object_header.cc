#include "hdf5/direct/object_header.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "hdf5/direct/encoder.h"
#include "sources/source.h"

namespace spikeport::hdf5::direct {
namespace {

constexpr std::uint64_t prefix_size = 16;
constexpr std::uint64_t message_prefix_size = 8;

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

std::array<Message, 4> dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                        std::uint64_t address) {
  const std::uint64_t byte_size = element_count(shape) * element_size(type);
  const ContiguousLayout layout{.address = byte_size == 0 ? undefined_address : address, .byte_size = byte_size};
  return {Dataspace{shape}, DatatypeMessage{type}, FillValue{std::holds_alternative<Text>(type)}, layout};
}

std::array<Message, 4> extendable_dataset_messages(const Datatype& type, std::span<const std::uint64_t> shape,
                                                   std::vector<std::uint64_t> chunk, std::uint64_t btree) {
  const FillValue fill{.is_always_written = std::holds_alternative<Text>(type), .by_chunk = true};
  ChunkedLayout layout{.btree = btree, .chunk = std::move(chunk), .element_size = element_size(type)};
  return {Dataspace{.shape = shape, .is_extendable = true}, DatatypeMessage{type}, fill, std::move(layout)};
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
